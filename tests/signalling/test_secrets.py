"""Marked secrets are planted; whatever happens, the public and other residents are never told them."""

from hub.domain.models import AgendaItem, Document
from tests.signalling.conftest import Hall
from tests.signalling.line import Line

CONTACT = ("planted@example.org", "07700900123", "sam.lee@example.org", "01632 960 001")
WORDS = ("SUMMARY-SECRET", "PENDING-SECRET", "AUTHOR-SECRET", "REJECTED-SECRET", "REASON-SECRET")
EXEMPT = ("EXEMPT-SECRET", "LINK-SECRET")
SECRETS = (*CONTACT, *WORDS, *EXEMPT)


async def test_no_secret_reaches_the_public_or_a_resident(hall: Hall) -> None:
    await _plant(hall)
    viewer, sam, console = await hall.viewer(), await hall.speaker(), await hall.console()
    pending = await _ask_secretly(hall, "device-of-eve")
    planted = await hall.register(
        "Pat Planted", email="planted@example.org", phone="07700900123", summary="SUMMARY-SECRET"
    )
    await _run_a_meeting(hall, sam, planted, pending)
    late_viewer, late_console = await hall.viewer("device-of-late"), await hall.console()
    await viewer.version(await hall.version())
    for line in (viewer, late_viewer, sam):
        told = line.everything()
        assert len(told) > 1000
        found = [secret for secret in SECRETS if secret in told]
        assert not found, f"{line.namespace} was told {found}"
        assert hall.seed.stream_key not in told
        assert hall.seed.speaker_token not in told
        assert "device-of-" not in told
        assert "phone-of-sam" not in told
    staff = console.everything() + late_console.everything()
    missing = [secret for secret in (*CONTACT, "SUMMARY-SECRET", "PENDING-SECRET") if secret not in staff]
    assert not missing, f"the test would see them if they came, but for {missing}"


async def test_its_author_alone_is_told_a_pending_question(hall: Hall) -> None:
    eve, bob, console = await hall.viewer("device-of-eve"), await hall.viewer(), await hall.console()
    await _ask_secretly(hall, "device-of-eve")
    await eve.until("mine", lambda mine: "PENDING-SECRET" in str(mine), "one's own question")
    await console.until("state", lambda told: "PENDING-SECRET" in str(told["pending"]), "it to decide on")
    await bob.version(await hall.version())
    assert "PENDING-SECRET" not in bob.everything()
    assert "PENDING-SECRET" not in str(eve.payloads("state")), "not even to its author as if it were public"


async def test_while_private_nothing_of_the_private_part_is_told(hall: Hall) -> None:
    await _plant(hall)
    await hall.live()
    viewer, sam = await hall.viewer(), await hall.speaker()
    await sam.ask("speaker.check_in", client_id="in")
    number = sam.told["state"]["registration_id"]
    await hall.do("speaker.call", registration_id=number)
    await hall.do("speaker.admit", registration_id=number)
    await viewer.until("state", lambda state: state["speaker"] is not None, "the speaker")
    item = (await viewer.until("state", bool, "state"))["agenda"][8]["id"]
    await hall.do("meeting.private", item_id=item, paragraphs=[3], reason="REASON-SECRET")
    state = await viewer.version(await hall.version())
    assert state["state"] == "private"
    assert state["speaker"] is None
    assert state["notice"]["title"] == "The public have been excluded for item 9"
    assert "REASON-SECRET" not in viewer.everything() + sam.everything()


async def _plant(hall: Hall) -> None:
    async with hall.desk.store.write() as session:
        meeting = await hall.meeting()
        session.add(
            AgendaItem(
                meeting_id=meeting.id or 0,
                position=99,
                number="10.",
                title="",
                text_html="<p>EXEMPT-SECRET</p>",
                minutes_html="<p>EXEMPT-SECRET</p>",
                restricted=True,
            )
        )
        await session.flush()
        session.add(
            Document(item_id=1, title="EXEMPT-SECRET", url="https://x.example/LINK-SECRET", restricted=True)
        )


async def _ask_secretly(hall: Hall, device: str) -> int:
    return await hall.ask("PENDING-SECRET: who knew?", device)


async def _run_a_meeting(hall: Hall, sam: Line, planted: int, pending: int) -> None:
    await hall.live()
    await hall.do("item.next", expected_version=await hall.version())
    rejected = await hall.ask("REJECTED-SECRET", "device-of-rude")
    await hall.do("question.reject", question_id=rejected, reason="REASON-SECRET")
    asked = await hall.ask("Who answers this?", "device-of-polite")
    await hall.do("question.approve", question_id=asked)
    await hall.do("question.start_answer", question_id=asked)
    await hall.do("speaker.confirm", registration_id=planted)
    await sam.ask("speaker.check_in", client_id="in", device_check={"camera": "A camera"})
    number = sam.told["state"]["registration_id"]
    await hall.do("speaker.call", registration_id=number)
    await hall.do("speaker.admit", registration_id=number)
    await hall.do("meeting.adjourn", reason="Tea", expected_back=None)
    await hall.do("meeting.return", confirmed=True)
    await hall.do("speaker.finish", registration_id=number)
    assert pending
