"""Help for a resident: words with the officer, a call, the telephone, and a test of their device."""

import pytest
from sqlmodel import select

from hub.domain.commands.chat import MOST_CHARACTERS, MOST_IN_A_MINUTE, MOST_LINES
from hub.domain.errors import Forbidden, IllegalTransition, Invalid, NotFound, TooMany
from hub.domain.models import AuditEntry, ChatLine
from hub.domain.people import Resident
from hub.domain.rules import Consent, Mode, Wish
from hub.domain.services.places import look_after
from hub.domain.services.registration import register, take_slot
from hub.domain.snapshots import SpeakerRow, SpeakerSnapshot
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import public_snapshot, speaker_snapshot, speakers_on_air, staff_snapshot
from tests.hub.conftest import House


async def page(house: House, resident: Resident) -> SpeakerSnapshot:
    return await speaker_snapshot(house.desk, resident.registration_id, resident.device)


async def row(house: House, resident: Resident) -> SpeakerRow:
    rows = (await staff_snapshot(house.desk, house.ref)).speakers
    return next(one for one in rows if one.id == resident.registration_id)


async def on_air(house: House, name: str = "Sam Lee") -> Resident:
    _, resident = await house.waiting(name)
    await house.do("speaker.call", registration_id=resident.registration_id)
    await house.do("speaker.admit", registration_id=resident.registration_id)
    return resident


class TestWords:
    async def test_only_the_resident_and_the_officers_read_them(self, house: House) -> None:
        _, sam = await house.waiting()
        _, priya = await house.waiting("Priya Nair")
        await house.do("chat.say", sam, text="I hear nothing.")
        await house.do("chat.reply", registration_id=sam.registration_id, text="Turn it up.")
        said = [(line.officer, line.text) for line in (await page(house, sam)).chat]
        assert said == [("", "I hear nothing."), ("Ann Clark", "Turn it up.")]
        assert (await page(house, priya)).chat == []
        assert "hear nothing" not in (await public_snapshot(house.desk, house.ref)).model_dump_json()
        async with house.desk.store.read() as session:
            written = select(AuditEntry).where(AuditEntry.action == "chat.say")
            (entry,) = (await session.exec(written)).all()
        assert (entry.who, entry.reason) == (f"speaker {sam.registration_id}", "I hear nothing.")

    async def test_what_nobody_has_read_is_counted(self, house: House) -> None:
        _, sam = await house.waiting()
        number = sam.registration_id
        await house.do("chat.say", sam, text="Hello?")
        await house.do("chat.say", sam, text="Anybody?")
        seen = await row(house, sam)
        assert seen.unread == 2
        await house.do("chat.read", registration_id=number, up_to=seen.chat[0].id)
        assert (await row(house, sam)).unread == 1
        await house.do("chat.reply", registration_id=number, text="Yes.")
        assert (await row(house, sam)).unread == 0
        await house.do("chat.read", registration_id=number, up_to=seen.chat[0].id)
        assert (await row(house, sam)).unread == 0, "what was read stays read"

    async def test_a_line_of_somebody_else_cannot_be_read_away(self, house: House) -> None:
        _, sam = await house.waiting()
        _, priya = await house.waiting("Priya Nair")
        await house.do("chat.say", sam, text="Hello?")
        line = (await row(house, sam)).chat[0].id
        with pytest.raises(Invalid):
            await house.do("chat.read", registration_id=priya.registration_id, up_to=line)

    @pytest.mark.parametrize("text", ["", "   ", "\u202e\u200b", "x" * (MOST_CHARACTERS + 1)])
    async def test_nothing_and_too_much_are_refused(self, house: House, text: str) -> None:
        _, sam = await house.waiting()
        with pytest.raises(Invalid):
            await house.do("chat.say", sam, text=text)
        assert (await page(house, sam)).chat == []

    async def test_markup_stays_text_and_a_replay_says_nothing_twice(self, house: House) -> None:
        _, sam = await house.waiting()
        for _ in range(2):
            await house.do("chat.say", sam, text="<script>alert(1)</script>", client_id="once")
        assert [line.text for line in (await page(house, sam)).chat] == ["<script>alert(1)</script>"]

    async def test_a_flood_is_stopped(self, house: House) -> None:
        _, sam = await house.waiting()
        for number in range(MOST_IN_A_MINUTE):
            await house.do("chat.say", sam, text=f"{number}")
        with pytest.raises(TooMany, match="a lot at once"):
            await house.do("chat.say", sam, text="more")
        house.clock.advance(seconds=61)
        await house.do("chat.say", sam, text="more")

    async def test_a_conversation_has_an_end(self, house: House) -> None:
        _, sam = await house.waiting()
        async with house.desk.store.write() as session:
            session.add_all(
                ChatLine(
                    registration_id=sam.registration_id,
                    meeting_id=house.meeting_id,
                    at=house.clock.now(),
                    officer="Ann Clark",
                    text="…",
                )
                for _ in range(MOST_LINES)
            )
        with pytest.raises(TooMany, match="Ask to be called"):
            await house.do("chat.say", sam, text="more")
        with pytest.raises(TooMany, match="Call them"):
            await house.do("chat.reply", registration_id=sam.registration_id, text="more")
        assert len((await page(house, sam)).chat) == 50

    async def test_after_the_slot_nobody_reads(self, house: House) -> None:
        _, sam = await house.waiting()
        await house.do("speaker.withdraw", sam)
        for command, payload in (("chat.say", {"text": "Hello?"}), ("speaker.ask_for_help", {})):
            with pytest.raises(Forbidden, match="slot is over"):
                await house.do(command, sam, **payload)


class TestCallMe:
    async def test_the_console_is_told_until_somebody_has_seen_to_it(self, house: House) -> None:
        _, sam = await house.waiting()
        await house.do("speaker.ask_for_help", sam, phone="01904 551 550")
        since = (await row(house, sam)).help_ms
        house.clock.advance(minutes=1)
        await house.do("speaker.ask_for_help", sam, reason="connection")
        seen = await row(house, sam)
        assert (seen.help_reason, seen.phone, seen.help_ms) == ("connection", "01904 551 550", since)
        assert (await page(house, sam)).help_reason == "connection"
        await house.do("speaker.helped", registration_id=sam.registration_id)
        assert (await row(house, sam)).help_reason == ""
        with pytest.raises(IllegalTransition, match="any more"):
            await house.do("speaker.helped", registration_id=sam.registration_id)

    @pytest.mark.parametrize("phone", ["12", "ring me", "1" * 41])
    async def test_a_number_that_is_none_changes_nothing(self, house: House, phone: str) -> None:
        _, sam = await house.waiting()
        with pytest.raises(Invalid):
            await house.do("speaker.ask_for_help", sam, phone=phone)
        assert (await row(house, sam)).help_reason == ""

    async def test_the_end_of_the_slot_ends_the_alarm(self, house: House) -> None:
        await house.live()
        sam = await on_air(house)
        await house.do("speaker.ask_for_help", sam)
        await house.do("speaker.finish", registration_id=sam.registration_id)
        assert (await row(house, sam)).help_reason == ""


class TestTelephone:
    async def test_the_same_row_and_timer_and_no_studio(self, house: House) -> None:
        registered = await register(house.desk, house.ref, name="Sam Lee", phone="01904 551 550")
        number = registered.registration_id
        await house.do("speaker.confirm", registration_id=number)
        await house.live()
        await house.do("speaker.by_phone", registration_id=number, on=True)
        assert (await house.speaker(number)).state is SpeakerState.CHECKED_IN
        assert (await staff_snapshot(house.desk, house.ref)).public.speakers_waiting == 1
        await house.do("speaker.call", registration_id=number)
        await house.do("speaker.admit", registration_id=number)
        public = await public_snapshot(house.desk, house.ref)
        assert public.speaker is not None
        assert (public.speaker.name, public.speaker.timer is not None) == ("Sam Lee", True)
        assert await speakers_on_air(house.desk, house.ref) == [], "nobody for the studio"
        await house.do("speaker.extend", registration_id=number, seconds=30)
        await house.do("speaker.finish", registration_id=number)
        assert (await house.speaker(number)).state is SpeakerState.DONE
        assert {"set_on_air", "close_speaker", "caption_speaker"} & set(house.studio.names()) == set()
        async with house.desk.store.read() as session:
            actions = [entry.action for entry in (await session.exec(select(AuditEntry))).all()]
        assert "speaker.join_by_phone" in actions

    async def test_from_the_air_to_the_telephone_the_time_runs_on(self, house: House) -> None:
        await house.live()
        sam, priya = await on_air(house), await on_air(house, "Priya Nair")
        before = (await page(house, sam)).timer
        await house.do("speaker.ask_for_help", sam, reason="connection")
        await house.do("speaker.by_phone", registration_id=sam.registration_id, on=True)
        seen = await page(house, sam)
        assert (seen.state, seen.timer, seen.help_reason) == ("on_air", before, "")
        assert house.studio.on_air == [priya.registration_id]
        assert ("close_speaker", str(sam.registration_id)) in house.studio.calls
        await look_after(house.desk, house.ref, {priya.registration_id: True}, [])
        house.clock.advance(minutes=5)
        await look_after(house.desk, house.ref, {priya.registration_id: True}, [])
        assert (await page(house, sam)).state == "on_air", "who is not in the studio is not lost from it"
        await house.do("speaker.admit", registration_id=await _third(house))
        assert sam.registration_id not in house.studio.on_air

    async def test_another_device_takes_nobody_off_the_telephone(self, house: House) -> None:
        await house.live()
        registered, sam = await house.waiting()
        await house.do("speaker.by_phone", registration_id=sam.registration_id, on=True)
        await house.do("speaker.call", registration_id=sam.registration_id)
        await house.do("speaker.admit", registration_id=sam.registration_id)
        await take_slot(house.desk, registered.token, "tablet")
        assert (await house.speaker(sam.registration_id)).state is SpeakerState.ON_AIR
        assert "close_speaker" not in house.studio.names()

    async def test_back_to_the_browser(self, house: House) -> None:
        await house.live()
        _, sam = await house.waiting()
        number = sam.registration_id
        await house.do("speaker.by_phone", registration_id=number, on=True)
        with pytest.raises(IllegalTransition, match="already"):
            await house.do("speaker.by_phone", registration_id=number, on=True)
        await house.do("speaker.by_phone", registration_id=number, on=False)
        assert (await house.speaker(number)).state is SpeakerState.CONFIRMED
        await house.do("speaker.check_in", sam)
        await house.do("speaker.call", registration_id=number)
        await house.do("speaker.admit", registration_id=number)
        assert house.studio.on_air == [number]
        with pytest.raises(IllegalTransition, match="not on the telephone"):
            await house.do("speaker.by_phone", registration_id=number, on=False)

    async def test_a_studio_that_is_away_warns_and_does_not_stop_it(self, house: House) -> None:
        await house.live()
        sam = await on_air(house)
        house.studio.broken = {"set_on_air", "close_speaker"}
        answer = await house.do("speaker.by_phone", registration_id=sam.registration_id, on=True)
        assert "cut" in answer["warning"]
        assert (await row(house, sam)).by_phone

    async def test_a_caller_is_admitted_while_the_studio_is_away(self, house: House) -> None:
        await house.live()
        _, sam = await house.waiting()
        await house.do("speaker.by_phone", registration_id=sam.registration_id, on=True)
        await house.do("speaker.call", registration_id=sam.registration_id)
        house.studio.broken = {"set_on_air", "caption_speaker", "close_speaker"}
        await house.do("speaker.admit", registration_id=sam.registration_id)
        await house.do("speaker.finish", registration_id=sam.registration_id)

    async def test_nobody_on_the_telephone_is_let_into_a_private_session(self, house: House) -> None:
        await house.live()
        sam = await on_air(house)
        await house.do("speaker.by_phone", registration_id=sam.registration_id, on=True)
        await house.do("meeting.private")
        with pytest.raises(IllegalTransition, match="not connected"):
            await house.do("private.admit", registration_ids=[sam.registration_id])

    async def test_what_is_read_out_needs_no_telephone(self, house: House) -> None:
        wish = Wish(mode=Mode.REMOTE, consent=Consent.READ_OUT, text="The limes should stay.")
        sent = await register(house.desk, house.ref, name="Olga", email="o@example.org", wish=wish)
        await house.do("speaker.confirm", registration_id=sent.registration_id)
        with pytest.raises(IllegalTransition, match="reads out"):
            await house.do("speaker.by_phone", registration_id=sent.registration_id, on=True)

    async def test_somebody_of_another_meeting_is_unknown(self, house: House) -> None:
        for command in ("speaker.by_phone", "speaker.helped", "chat.reply", "speaker.link"):
            extra = {"on": True} if command.endswith("phone") else {"text": "x"} if "chat" in command else {}
            with pytest.raises(NotFound):
                await house.do(command, registration_id=999, **extra)


class TestDevice:
    async def test_a_test_is_seen_by_staff_and_is_no_arrival(self, house: House) -> None:
        registered = await register(house.desk, house.ref, name="Sam Lee", email="sam@example.org")
        await take_slot(house.desk, registered.token, "phone")
        sam = Resident(registered.registration_id, house.meeting_id, "phone")
        await house.do("speaker.test_device", sam, device_check={"camera": "ok", "microphone": "heard"})
        seen = await row(house, sam)
        assert (seen.state, seen.device_check["microphone"]) == ("submitted", "heard")
        assert seen.device_checked_ms == int(house.clock.now().timestamp() * 1000)
        await house.do("speaker.confirm", registration_id=sam.registration_id)
        house.clock.advance(days=1)
        await house.do("speaker.check_in", sam)
        again = await row(house, sam)
        assert again.device_check == seen.device_check, "arriving without a test forgets none"

    @pytest.mark.parametrize("check", [{}, {"x" * 41: 1}, {"a": "x" * 201}, {str(n): n for n in range(13)}])
    async def test_what_is_no_result_is_refused(self, house: House, check: dict[str, object]) -> None:
        _, sam = await house.resident()
        with pytest.raises(Invalid):
            await house.do("speaker.test_device", sam, device_check=check)

    async def test_who_is_called_sees_how_long_the_one_before_has(self, house: House) -> None:
        await house.live()
        sam = await on_air(house)
        _, priya = await house.waiting("Priya Nair")
        assert (await page(house, priya)).ahead is None
        await house.do("speaker.call", registration_id=priya.registration_id)
        ahead = (await page(house, priya)).ahead
        assert ahead is not None
        assert (ahead.name, ahead.timer) == ("Sam Lee", (await page(house, sam)).timer)
        await house.do("meeting.private")
        assert (await page(house, priya)).ahead is None, "nothing of a private session"


async def _third(house: House) -> int:
    _, third = await house.waiting("Tom")
    await house.do("speaker.call", registration_id=third.registration_id)
    return third.registration_id
