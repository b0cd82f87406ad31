"""Speaking time whatever happens: extensions, points of order, lost lines, telephones, restarts, odd clocks.

What is promised: whoever is on air has exactly one timer, and nobody else has any; its end moves by an
extension and by nothing else; after a restart it is where it was; the public, the speaker and the officers
are told one and the same end.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hub.database import Database, sqlite_file
from hub.domain.clock import milliseconds
from hub.domain.errors import Conflict, IllegalTransition
from hub.domain.limits import Limits
from hub.domain.services.places import KEPT, look_after
from hub.domain.snapshots import Timer
from hub.domain.states.speaker import SpeakerState
from hub.domain.views import public_snapshot, speaker_snapshot, staff_snapshot
from tests.hub.conftest import House, furnish

T = TypeVar("T")
_S = SpeakerState
PEOPLE = 2


@dataclass
class Slot:
    """What the model knows of one speaker."""

    number: int
    seconds: int = 180
    ends: datetime | None = None
    left: timedelta | None = None
    """While the time stands still."""
    lost: datetime | None = None
    by_phone: bool = False

    @property
    def on_air(self) -> bool:
        return self.ends is not None or self.left is not None

    def leave(self) -> None:
        self.ends = self.left = self.lost = None

    def timer(self) -> Timer:
        if self.left is not None:
            return Timer(ends_ms=0, seconds=self.seconds, left_ms=round(self.left.total_seconds() * 1000))
        assert self.ends is not None
        return Timer(ends_ms=milliseconds(self.ends), seconds=self.seconds)


class Timers(RuleBasedStateMachine):
    """One machine on one database, which hubs come to and go from."""

    empty: Path
    who = st.integers(0, PEOPLE - 1)

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="moot-timers-"))
        self.path = self.folder / "timers.db"
        shutil.copy(self.empty, self.path)
        self.database = Database(sqlite_file(self.path))
        self.house: House = self.run(furnish(self.database))
        self.slots: list[Slot] = []
        self.point: set[int] | None = None
        """Whose time the point of order stopped that is being heard."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.database.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    @initialize()
    def they_wait(self) -> None:
        self.run(self.house.live())
        for number in range(PEOPLE):
            registered, _ = self.run(self.house.waiting(f"Speaker {number}"))
            self.slots.append(Slot(registered.registration_id))

    def state(self, slot: Slot) -> SpeakerState:
        return self.run(self.house.speaker(slot.number)).state

    def do(self, name: str, slot: Slot, **payload: Any) -> None:
        self.run(self.house.do(name, registration_id=slot.number, **payload))

    @rule(who=who)
    def goes_on_air(self, who: int) -> None:
        slot = self.slots[who]
        if self.state(slot) is _S.CHECKED_IN:
            self.do("speaker.call", slot)
        if self.state(slot) is _S.CALLED:
            self.do("speaker.admit", slot)
            if self.point is None:
                slot.ends = self.now + timedelta(seconds=slot.seconds)
            else:
                slot.left = timedelta(seconds=slot.seconds)
                self.point.add(slot.number)

    @rule(who=who, seconds=st.integers(1, 1800))
    def is_given_more_time(self, who: int, seconds: int) -> None:
        slot = self.slots[who]
        try:
            self.do("speaker.extend", slot, seconds=seconds)
        except IllegalTransition:
            assert self.state(slot) is _S.DONE
            return
        slot.seconds += seconds
        if slot.ends is not None:
            slot.ends = max(slot.ends, self.now) + timedelta(seconds=seconds)
        elif slot.left is not None:
            slot.left = max(slot.left, timedelta()) + timedelta(seconds=seconds)

    @rule(who=who)
    def time_stands_still(self, who: int) -> None:
        slot = self.slots[who]
        try:
            self.do("speaker.pause", slot)
        except IllegalTransition:
            assert slot.ends is None
            return
        assert slot.ends is not None
        slot.left, slot.ends = slot.ends - self.now, None
        self.by_an_officer(slot)

    @rule(who=who)
    def time_goes_on(self, who: int) -> None:
        slot = self.slots[who]
        try:
            self.do("speaker.resume", slot)
        except IllegalTransition:
            assert slot.left is None
            return
        assert slot.left is not None
        slot.ends, slot.left = self.now + slot.left, None
        self.by_an_officer(slot)

    def by_an_officer(self, slot: Slot) -> None:
        if self.point is not None:
            self.point.discard(slot.number)

    @rule()
    def a_point_of_order_is_raised(self) -> None:
        """Everybody's time stands still, of those whose time runs."""
        raised = self.house.do("point_of_order.raise", name="Cllr Jane Doe")
        if self.point is not None:
            with pytest.raises(Conflict):
                self.run(raised)
            return
        self.run(raised)
        self.point = {slot.number for slot in self.slots if slot.ends is not None}
        for slot in self.slots:
            if slot.ends is not None:
                slot.left, slot.ends = slot.ends - self.now, None

    @rule()
    def the_point_of_order_is_ended(self) -> None:
        """What it stopped goes on, and nothing that officers stopped."""
        ended = self.house.do("point_of_order.end")
        if self.point is None:
            with pytest.raises(IllegalTransition):
                self.run(ended)
            return
        self.run(ended)
        for slot in self.slots:
            if slot.number in self.point and slot.left is not None:
                slot.ends, slot.left = self.now + slot.left, None
        self.point = None

    @rule(who=who, by_mistake=st.booleans())
    def is_taken_off(self, who: int, by_mistake: bool) -> None:
        slot = self.slots[who]
        if not slot.on_air:
            return
        self.do("speaker.finish", slot)
        slot.leave()
        if by_mistake:
            self.undo()

    @rule(who=who)
    def was_admitted_by_mistake(self, who: int) -> None:
        slot, before = self.slots[who], self.slots[who].on_air
        self.goes_on_air(who)
        if slot.on_air and not before:
            self.undo()
            slot.leave()

    def undo(self) -> None:
        (step,) = self.run(staff_snapshot(self.house.desk, self.house.ref)).undo
        self.run(self.house.do("step.undo", step=step.step))

    @rule(who=who, on=st.booleans())
    def telephone(self, who: int, on: bool) -> None:
        """The timer of who goes over to the telephone runs on."""
        slot = self.slots[who]
        if not on and slot.on_air:
            return
        try:
            self.do("speaker.by_phone", slot, on=on)
        except IllegalTransition:
            return
        slot.by_phone, slot.lost = on, None

    @rule(seen=st.tuples(*[st.booleans()] * PEOPLE), page=st.booleans())
    def the_keeper_looks(self, seen: tuple[bool, ...], page: bool) -> None:
        """A line that is lost stops no clock; a place that was kept long enough is given up."""
        by_number = {slot.number: arrives for slot, arrives in zip(self.slots, seen, strict=True)}
        here = by_number if page else {}
        self.run(look_after(self.house.desk, self.house.ref, by_number, here))
        for slot in self.slots:
            if not slot.on_air or slot.by_phone:
                continue
            slot.lost = None if by_number[slot.number] else slot.lost or self.now
            if slot.lost is not None and self.now - slot.lost >= KEPT:
                slot.leave()

    @rule(seconds=st.one_of(st.integers(0, 90), st.sampled_from((-7200, -30, 3600, 86_400))))
    def the_clock_goes_on_or_jumps(self, seconds: int) -> None:
        self.house.clock.advance(seconds=seconds)

    @rule()
    def the_hub_is_killed_and_started_again(self) -> None:
        """What it had in memory is gone, and with it since when somebody was lost."""
        self.run(self.database.close())
        self.database = Database(sqlite_file(self.path))
        desk = replace(self.house.desk, store=self.database, rooms={}, limits=Limits())
        self.house = replace(self.house, desk=desk)
        for slot in self.slots:
            slot.lost = None

    @invariant()
    def each_on_air_has_one_timer_and_nobody_else_has_any(self) -> None:
        if not self.slots:
            return
        public = self.run(public_snapshot(self.house.desk, self.house.ref))
        staff = self.run(staff_snapshot(self.house.desk, self.house.ref))
        expected = {slot.number: slot.timer() for slot in self.slots if slot.on_air}
        rows = {row.id: row for row in staff.speakers}
        assert {number: row.timer for number, row in rows.items() if row.timer} == expected
        assert {number for number, row in rows.items() if row.state == _S.ON_AIR} == set(expected)
        told = {one.name: one.timer for one in public.on_air}
        assert told == {rows[number].name: timer for number, timer in expected.items()}
        assert len(public.on_air) == len(expected)
        for slot in self.slots:
            own = self.run(speaker_snapshot(self.house.desk, slot.number, "phone"))
            assert own.timer == expected.get(slot.number)

    @invariant()
    def no_timer_was_ever_shorter_than_nothing(self) -> None:
        for slot in self.slots:
            assert self.run(self.house.speaker(slot.number)).seconds == slot.seconds >= 180


def test_timers(empty_database: Path) -> None:
    Timers.empty = empty_database
    unhurried = settings(
        max_examples=15,
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=[*HealthCheck],
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    run_state_machine_as_test(Timers, settings=unhurried)
