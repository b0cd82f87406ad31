"""A resident on the one device that holds the slot."""

import asyncio

import pytest

from hub.domain.commands import COMMANDS
from hub.domain.models import Registration
from hub.domain.people import Resident
from hub.domain.rules import Consent
from hub.domain.turn import LIFE, TurnServers
from media.client import Disconnected, Refused
from media.client.engine import Role
from tests.signalling.conftest import Hall
from tests.signalling.line import Line
from tests.web.engine import ANSWER

CHECK = {"camera": "Front camera", "microphone": "Built in", "browser": "Firefox 140"}


async def called(hall: Hall) -> tuple[Line, int]:
    """Sam, checked in and called in a live meeting."""
    await hall.live()
    sam = await hall.speaker()
    await sam.ask("speaker.check_in", client_id="in", device_check=CHECK)
    number = sam.told["state"]["registration_id"]
    await hall.do("speaker.call", registration_id=number)
    await sam.until("state", lambda state: state["state"] == "called", "being called")
    return sam, number


async def test_arriving_is_waiting(hall: Hall) -> None:
    sam = await hall.speaker()
    assert sam.told["state"]["position"] is None
    answer = await sam.ask("speaker.check_in", client_id="in", device_check=CHECK)
    assert answer == {"ok": True}
    state = await sam.until("state", lambda state: state["state"] == "checked_in", "waiting")
    assert (state["position"], state["item"]["number"]) == (1, "5.")
    console = await hall.console()
    row = next(row for row in console.told["state"]["speakers"] if row["name"] == "Sam Lee")
    assert row["device_check"] == CHECK


async def test_a_check_in_sent_again_changes_nothing(hall: Hall) -> None:
    sam = await hall.speaker()
    await sam.ask("speaker.check_in", client_id="in", device_check=CHECK)
    version = await hall.version()
    assert await sam.ask("speaker.check_in", client_id="in", device_check={}) == {"ok": True}
    assert await hall.version() == version


async def test_everything_that_happens_is_told_at_once(hall: Hall) -> None:
    sam, number = await called(hall)
    await hall.do("speaker.admit", registration_id=number)
    on_air = await sam.until("state", lambda state: state["state"] == "on_air", "being on air", 0.9)
    assert on_air["timer"]["ends_ms"] == on_air["server_ms"] + 180_000
    await hall.do("speaker.extend", registration_id=number, seconds=60)
    await sam.until("state", lambda state: state["timer"]["seconds"] == 240, "more time", 0.9)
    await hall.do("speaker.finish", registration_id=number)
    await sam.until("state", lambda state: state["state"] == "done", "the end", 0.9)


BOTH_WAYS = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\n"
SEEING = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=recvonly\r\n"


@pytest.mark.parametrize(
    "picture",
    [
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n",
        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=sendrecv\r\n",
        SEEING + "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=sendonly\r\n",
    ],
)
async def test_who_agreed_to_sound_only_cannot_send_a_camera(hall: Hall, picture: str) -> None:
    sam, number = await called(hall)
    await answers(hall, number, Consent.SOUND_ONLY)
    refused = await sam.ask("media.offer", sdp=f"v=0\r\n{BOTH_WAYS}{picture}")
    assert (refused["ok"], refused["error"]["field"]) == (False, "sdp")
    assert "heard and not seen" in refused["error"]["message"]
    assert not [call for call in hall.engine.calls if call[0] == "open_speaker"]
    assert (await sam.ask("media.offer", sdp=f"v=0\r\n{BOTH_WAYS}{SEEING}"))["ok"], "watching is not sending"


async def test_nobody_is_connected_for_what_is_read_out(hall: Hall) -> None:
    sam, number = await called(hall)
    await answers(hall, number, Consent.READ_OUT)
    refused = await sam.ask("media.offer", sdp=f"v=0\r\n{BOTH_WAYS}")
    assert (refused["ok"], refused["error"]["code"]) == (False, "illegal_transition")
    assert not [call for call in hall.engine.calls if call[0] == "open_speaker"]


async def answers(hall: Hall, number: int, consent: Consent) -> None:
    async with hall.desk.store.write() as session:
        (await session.get_one(Registration, number)).consent = consent


async def test_withdrawing_gives_the_slot_up(hall: Hall) -> None:
    sam = await hall.speaker()
    assert await sam.ask("speaker.withdraw", client_id="out") == {"ok": True}
    await sam.until("state", lambda state: state["state"] == "withdrawn", "the end")
    assert await sam.ask("speaker.withdraw", client_id="out") == {"ok": True}, "a replay"
    assert await sam.refused("speaker.check_in", client_id="in") == "illegal_transition"


async def test_an_offer_is_taken_once_called_and_until_the_end_of_the_slot(hall: Hall) -> None:
    sam = await hall.speaker()
    assert await sam.refused("media.offer", sdp="v=0") == "illegal_transition"
    await sam.ask("speaker.check_in", client_id="in", device_check=CHECK)
    assert await sam.refused("media.offer", sdp="v=0") == "illegal_transition"
    assert not hall.engine.calls, "the studio was not troubled"
    await hall.live()
    number = sam.told["state"]["registration_id"]
    await hall.do("speaker.call", registration_id=number)
    assert await sam.ask("media.offer", sdp="v=0") == {"ok": True, "sdp": ANSWER, "studio": 0}
    await hall.do("speaker.admit", registration_id=number)
    assert (await sam.ask("media.offer", sdp="v=0"))["ok"]
    await hall.do("speaker.finish", registration_id=number)
    assert await sam.refused("media.offer", sdp="v=0") == "illegal_transition"
    asked = [call for call in hall.engine.calls if call[0] == "open_speaker"]
    assert asked == [("open_speaker", hall.ref, str(number), "Sam Lee")] * 2


@pytest.mark.parametrize("payload", [{}, {"sdp": None}, {"sdp": 7}, {"sdp": ["v=0"]}])
async def test_an_offer_without_a_description_is_refused(hall: Hall, payload: dict[str, object]) -> None:
    sam, _ = await called(hall)
    assert await sam.refused("media.offer", **payload) == "invalid"


@pytest.mark.parametrize(
    ("says", "code"),
    [
        (Refused("bad_offer", "The offer has no fingerprint."), "bad_offer"),
        (Disconnected("studio"), "media_unavailable"),
        (RuntimeError("inside: hunter2"), "failed"),
    ],
)
async def test_what_the_studio_says_to_an_offer_reaches_the_page(
    hall: Hall, says: Exception, code: str
) -> None:
    sam, _ = await called(hall)
    hall.engine.says = says
    answer = await sam.ask("media.offer", sdp="v=0")
    assert answer["error"]["code"] == code
    assert "hunter2" not in answer["error"]["message"]
    hall.engine.says = None
    assert (await sam.ask("media.offer", sdp="v=0"))["ok"], "and then it works"


async def test_a_second_device_replaces_the_first(hall: Hall) -> None:
    sam, number = await called(hall)
    await sam.ask("media.offer", sdp="v=0")
    tablet = await hall.speaker("tablet-of-sam")
    assert await sam.until("replaced", lambda told: told == {}, "being told") == {}
    async with asyncio.timeout(5):
        await sam.hung_up.wait()
    assert ("close_speaker", str(number)) in hall.studio.calls
    assert "replaced" not in tablet.told
    assert (await tablet.ask("media.offer", sdp="v=0"))["ok"]
    again = Line("/speaker")
    auth = {"token": hall.seed.speaker_token, "device": "phone-of-sam"}
    assert await again.turned_away(hall.address, auth) == "device_replaced"


async def test_a_replaced_device_cannot_do_anything_in_the_last_moment(hall: Hall) -> None:
    """Its messages cross the news that it was replaced."""
    sam = await hall.speaker()
    hall.desk.announcer = Silent()
    await hall.take_slot("tablet-of-sam")
    assert await sam.refused("speaker.check_in", client_id="in") == "device_replaced"
    assert await sam.refused("speaker.withdraw", client_id="out") == "device_replaced"
    assert await sam.refused("media.offer", sdp="v=0") == "device_replaced"
    assert not [call for call in hall.engine.calls if call[0] == "open_speaker"]


async def test_an_offer_under_way_when_the_device_is_replaced_is_hung_up(hall: Hall) -> None:
    sam, number = await called(hall)
    opening, may_go_on = asyncio.Event(), asyncio.Event()
    open_speaker = hall.engine.open_speaker

    async def slowly(ref: str, speaker: int, label: str, sdp: str, role: Role) -> object:
        opening.set()
        await may_go_on.wait()
        return await open_speaker(ref, speaker, label, sdp, role)

    hall.engine.open_speaker = slowly  # type: ignore[assignment, method-assign]
    offer = asyncio.create_task(sam.ask("media.offer", sdp="v=0"))
    async with asyncio.timeout(5):
        await opening.wait()
    taking = asyncio.create_task(hall.take_slot("tablet-of-sam"))
    may_go_on.set()
    await asyncio.gather(offer, taking)
    order = [call[0] for call in (*hall.engine.calls, *hall.studio.calls) if call[0].endswith("_speaker")]
    assert order == ["open_speaker", "close_speaker"]
    async with asyncio.timeout(5):
        await sam.hung_up.wait()
    assert number == (await hall.speaker("tablet-of-sam")).told["state"]["registration_id"]


async def test_a_new_link_ends_the_old_one(hall: Hall) -> None:
    sam = await hall.speaker()
    answer = await hall.do("speaker.new_link", registration_id=sam.told["state"]["registration_id"])
    await sam.until("replaced", lambda told: told == {}, "being told")
    async with asyncio.timeout(5):
        await sam.hung_up.wait()
    auth = {"token": hall.seed.speaker_token, "device": "phone-of-sam"}
    assert await Line("/speaker").turned_away(hall.address, auth) == "not_found"
    assert answer["token"]


@pytest.mark.parametrize(
    "name", sorted(name for name, spec in COMMANDS.items() if spec.actor is not Resident)
)
async def test_nothing_else_is_allowed(hall: Hall, name: str) -> None:
    sam = await hall.speaker()
    version = await hall.version()
    number = sam.told["state"]["registration_id"]
    assert await sam.refused(name, client_id="one", registration_id=number) == "forbidden"
    assert await hall.version() == version
    assert not hall.studio.names()


class Silent:
    """News that is still on its way."""

    async def meeting_changed(self, ref: str) -> None:
        """Told later."""


async def test_credentials_for_the_relay_are_for_who_may_speak(hall: Hall) -> None:
    sam = await hall.speaker()
    assert await sam.ask("media.servers") == {"ok": True, "ice_servers": []}, "none is set up"
    hall.desk.turn = TurnServers(("turn:turn.example.org:3478",), "hunter2")
    (server,) = (await sam.ask("media.servers"))["ice_servers"]
    number = sam.told["state"]["registration_id"]
    until = int((hall.clock.now() + LIFE).timestamp())
    assert server["username"] == f"{until}:speaker-{number}"
    assert "hunter2" not in str(server)
    await sam.ask("speaker.withdraw", client_id="out")
    assert await sam.refused("media.servers") == "illegal_transition"


async def test_words_go_between_one_resident_and_the_officers(hall: Hall) -> None:
    sam = await hall.speaker()
    viewer = await hall.viewer()
    console = await hall.console()
    await sam.ask("chat.say", client_id="one", text="WORDS-OF-SAM")
    await console.until("state", lambda told: "WORDS-OF-SAM" in str(told["speakers"]), "Sam's words")
    await hall.ask("Something public?", "device-of-ann")
    await viewer.until("mine", bool, "a public update")
    assert "WORDS-OF-SAM" not in viewer.everything()
    assert await viewer.refused("chat.say", client_id="two", text="Me too") == "forbidden"


@pytest.mark.parametrize(
    "payload",
    [{}, {"text": ""}, {"text": "x" * 501}, {"text": 7}, {"text": "hello", "registration_id": 2}],
)
async def test_malformed_words_are_refused(hall: Hall, payload: dict[str, object]) -> None:
    sam = await hall.speaker()
    assert await sam.refused("chat.say", client_id="one", **payload) == "invalid"


async def test_a_test_of_a_device_days_before_is_no_arrival(hall: Hall) -> None:
    sam = await hall.speaker()
    assert (await sam.ask("speaker.test_device", client_id="test", device_check=CHECK))["ok"]
    assert (await sam.ask("speaker.need_no_help", client_id="fine"))["ok"]
    state = await sam.until("state", lambda state: state["device_checked_ms"], "the result")
    assert (state["state"], state["device_check"]) == ("confirmed", CHECK)


async def test_who_takes_part_is_told_which_studio_works_and_when_another_one_does(hall: Hall) -> None:
    hall.engine.session = 7
    sam = await hall.speaker()
    assert await sam.until("studio", bool, "which studio it is") == {"studio": 7}
    console = await hall.console()
    hall.engine.viewing = 1
    hall.engine.watch.touch(hall.ref)
    await console.until("engine", lambda told: told["viewers"] == 1, "a change of something else")
    hall.engine.viewing = 2
    hall.engine.watch.touch(hall.ref)
    await console.until("engine", lambda told: told["viewers"] == 2, "another one")
    hall.engine.session = 8
    hall.engine.watch.touch(hall.ref)
    await sam.until("studio", lambda told: told["studio"] == 8, "the other studio")
    assert [told["studio"] for told in sam.payloads("studio")] == [7, 7, 8], "at the door, and once for each"


async def test_an_answer_says_which_studio_it_is_of(hall: Hall) -> None:
    sam, _ = await called(hall)
    hall.engine.session = 9
    assert (await sam.ask("media.offer", sdp="v=0"))["studio"] == 9


async def test_nobody_is_told_of_a_studio_that_is_not_there(hall: Hall) -> None:
    sam = await hall.speaker()
    hall.engine.watch.touch(hall.ref)
    hall.engine.session = 7
    hall.engine.watch.touch(hall.ref)
    await sam.until("studio", bool, "the first studio")
    assert sam.payloads("studio") == [{"studio": 7}]
