"""The checklist before a meeting goes live: what each line says, and that it forbids nothing."""

from dataclasses import replace

import pytest

from hub.domain.checklist import Check, KeyPerson, Office, checklist, missing
from hub.domain.errors import IllegalTransition, Invalid, NotConfirmed
from hub.domain.models import Attendee
from hub.domain.ports import ChamberFeed, Equipment
from hub.domain.services.readiness import find_readiness
from hub.domain.states.meeting import MeetingState
from hub.domain.views import checklist as view_of
from tests.hub.conftest import House

GOOD = Equipment(
    "up",
    chamber=ChamberFeed("live", "Picture and sound are arriving."),
    sound="good",
    slate="The meeting starts soon",
    disk_hours=30.9,
)
HERE = (KeyPerson(Office.CHAIR, "Cllr Nia Prosser", True), KeyPerson(Office.CLERK, "", True))


def said(equipment: Equipment) -> dict[str, tuple[Check, str]]:
    return {line.about: (line.check, line.sentence) for line in checklist(equipment, HERE)}


def test_all_is_fine() -> None:
    lines = checklist(GOOD, HERE)
    assert [line.about for line in lines] == ["studio", "feed", "sound", "slate", "disk", "chair", "clerk"]
    assert {line.check for line in lines} == {Check.FINE}
    assert missing(lines) == []
    assert said(GOOD)["disk"][1] == "The disk has room for 30 hours of recording."
    assert said(GOOD)["slate"][1].endswith("the public see “The meeting starts soon”.")


@pytest.mark.parametrize(
    ("equipment", "about", "check", "words"),
    [
        (Equipment("closed"), "studio", Check.MISSING, "open the room"),
        (Equipment("closed"), "slate", Check.MISSING, "No slate"),
        (Equipment("closed"), "feed", Check.MISSING, "start its encoder"),
        (Equipment("closed"), "sound", Check.MISSING, "no sound"),
        (Equipment("away"), "studio", Check.MISSING, "started again"),
        (replace(GOOD, recorder_trouble="The disk is full."), "studio", Check.MISSING, "The disk is full."),
        (
            replace(GOOD, chamber=ChamberFeed("connecting", "It connects.")),
            "feed",
            Check.LOOK,
            "It connects.",
        ),
        (replace(GOOD, chamber=ChamberFeed("stalled", "It hangs.")), "feed", Check.MISSING, "It hangs."),
        (replace(GOOD, chamber=ChamberFeed("gone", "It left.")), "feed", Check.MISSING, "It left."),
        (replace(GOOD, chamber=ChamberFeed("live", "", generated=True)), "feed", Check.LOOK, "test picture"),
        (replace(GOOD, sound="silent"), "sound", Check.MISSING, "silent for ten seconds"),
        (replace(GOOD, sound="clipping"), "sound", Check.LOOK, "Turn it down"),
        (replace(GOOD, slate=""), "slate", Check.MISSING, "No slate"),
        (replace(GOOD, disk_hours=900.0), "disk", Check.FINE, "more than 48 hours"),
        (replace(GOOD, disk_hours=4.99), "disk", Check.LOOK, "4 hours"),
        (replace(GOOD, disk_hours=1.99), "disk", Check.MISSING, "less than 2 hours"),
        (replace(GOOD, disk_hours=0.0), "disk", Check.MISSING, "less than 2 hours"),
    ],
)
def test_what_is_wrong_is_said_in_its_line(
    equipment: Equipment, about: str, check: Check, words: str
) -> None:
    found, sentence = said(equipment)[about]
    assert (found, words in sentence) == (check, True), sentence


def test_who_has_not_been_seen_is_missing_by_name() -> None:
    people = (KeyPerson(Office.CHAIR, "Cllr Nia Prosser", False), KeyPerson(Office.CLERK, "", False))
    assert missing(checklist(GOOD, people)) == [
        "The chair, Cllr Nia Prosser, has not been marked as here.",
        "The clerk has not been marked as here.",
    ]


async def test_officers_mark_who_is_here(house: House) -> None:
    assert await marks(house) == {"chair": Check.MISSING, "clerk": Check.MISSING}
    await house.do("attendance.mark", office="chair", present=True)
    assert await marks(house) == {"chair": Check.FINE, "clerk": Check.MISSING}
    await house.do("attendance.mark", office="clerk", present=True)
    await house.do("attendance.mark", office="chair", present=False)
    assert await marks(house) == {"chair": Check.MISSING, "clerk": Check.FINE}
    with pytest.raises(Invalid):
        await house.do("attendance.mark", office="mayor", present=True)


async def test_nobody_is_marked_after_the_meeting(house: House) -> None:
    await house.live()
    await house.do("attendance.mark", office="chair", present=True)
    await house.do("meeting.end", confirmed=True)
    with pytest.raises(IllegalTransition):
        await house.do("attendance.mark", office="chair", present=False)


@pytest.mark.parametrize(
    ("attendance", "name"), [("Expected", "Cllr Nia Prosser"), ("Apologies", "Cllr Tom Ibbotson")]
)
async def test_the_chair_is_whom_the_agenda_system_names(house: House, attendance: str, name: str) -> None:
    people = [
        ("Cllr Tom Ibbotson", "Vice-Chair", "Expected"),
        ("Cllr Nia Prosser", "Chair", attendance),
        ("Cllr Chris Chairman", "Committee Member", "Expected"),
    ]
    async with house.desk.store.write() as session:
        for who, role, comes in people:
            session.add(Attendee(meeting_id=house.meeting_id, name=who, role=role, attendance=comes))
    sentences = {line.about: line.sentence for line in await find_readiness(house.desk, house.ref)}
    assert sentences["chair"] == f"The chair, {name}, has not been marked as here."
    assert sentences["clerk"] == "The clerk has not been marked as here."


async def test_going_live_asks_once_says_what_is_missing_and_forbids_nothing(house: House) -> None:
    await house.do("meeting.open_room")
    house.studio.has = replace(GOOD, sound="silent")
    await house.do("attendance.mark", office="clerk", present=True)
    with pytest.raises(NotConfirmed) as asked:
        await house.do("meeting.go_live")
    assert "silent for ten seconds" in asked.value.message
    assert "The chair has not been marked" in asked.value.message
    assert "clerk" not in asked.value.message
    assert "disk" not in asked.value.message
    await house.do("meeting.go_live", confirmed=True)
    assert await house.state() is MeetingState.LIVE
    assert house.studio.open


async def test_there_is_no_checklist_any_more_once_it_was_live(house: House) -> None:
    assert len((await view_of(house.desk, house.ref)).lines) == 7
    await house.do("meeting.open_room")
    assert len((await view_of(house.desk, house.ref)).lines) == 7
    await house.do("meeting.go_live", confirmed=True)
    assert (await view_of(house.desk, house.ref)).lines == []
    await house.do("meeting.adjourn")
    with pytest.raises(NotConfirmed) as asked:
        await house.do("meeting.return")
    assert asked.value.message == "The public will see and hear the meeting. Confirm it."


async def marks(house: House) -> dict[str, Check]:
    lines = await find_readiness(house.desk, house.ref)
    return {line.about: line.check for line in lines if line.about in ("chair", "clerk")}
