"""Consoles hear how the meeting stands before it goes live: when a line changes, and not with every level."""

from dataclasses import replace

from hub.domain.ports import ChamberFeed, Equipment
from tests.signalling.conftest import Hall
from tests.signalling.line import Line
from tests.support.sockets import Told

FEED = Equipment("up", chamber=ChamberFeed("live", "They arrive."), sound="good", slate="Soon", disk_hours=9)


async def test_a_change_of_the_engine_is_told_when_it_moves_a_line(hall: Hall) -> None:
    ann = await hall.console()
    await ann.until("checklist", lambda told: check(told, "feed") == "missing", "the first checklist")
    hall.studio.has = FEED
    hall.engine.watch.touch(hall.ref)
    await ann.until("checklist", lambda told: check(told, "feed") == "fine", "the feed")
    told = len(ann.payloads("checklist"))
    for viewing in range(3):
        hall.engine.viewing = viewing + 1
        hall.engine.watch.touch(hall.ref)
        await viewers(ann, viewing + 1)
    hall.studio.has = replace(FEED, sound="silent")
    hall.engine.watch.touch(hall.ref)
    await ann.until("checklist", lambda told: check(told, "sound") == "missing", "the silence")
    assert len(ann.payloads("checklist")) == told + 1


async def test_it_ends_when_the_meeting_is_live_and_those_who_come_later_have_none(hall: Hall) -> None:
    ann = await hall.console()
    await hall.do("meeting.open_room")
    assert ann.told["checklist"]["lines"]
    await hall.do("meeting.go_live", confirmed=True)
    await ann.until("checklist", lambda told: told == {"lines": []}, "the end of it")
    bob = await hall.console()
    await bob.until("checklist", lambda told: told == {"lines": []}, "none")


def check(told: Told, about: str) -> str:
    return next((str(line["check"]) for line in told["lines"] if line["about"] == about), "")


async def viewers(line: Line, count: int) -> None:
    await line.until("engine", lambda told: told["viewers"] == count, f"{count} viewers")
