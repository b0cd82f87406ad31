"""The queue of speakers under any order of commands, good and bad, beside a model of it in memory.

The model moves by a table that was written by hand (``tests.hub.domain.expected``), not by the program's.

What is promised: a command that the model has does what the model says; one that it has not is refused and
changes nothing; the studio's list of who is on air is that of the database without those on the telephone;
nobody is in public who is not on air; the queue's order is that of places.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from hub.database import Database, sqlite_file
from hub.domain.errors import Conflict, DomainError, Forbidden, IllegalTransition
from hub.domain.people import Resident
from hub.domain.services.places import KEPT, look_after
from hub.domain.services.registration import register, take_slot
from hub.domain.states.speaker import LINK_WORKS, WAITING, SpeakerEvent, SpeakerState
from hub.domain.views import public_snapshot, speaker_snapshot, speakers_on_air, staff_snapshot
from tests.hub.conftest import House, furnish
from tests.hub.domain.expected import SPEAKER
from tests.support.machine import play

T = TypeVar("T")
_S, _E = SpeakerState, SpeakerEvent
NEEDS_NOTHING = {
    "speaker.confirm": _E.CONFIRM,
    "speaker.decline": _E.DECLINE,
    "speaker.miss": _E.MISS,
    "speaker.call": _E.CALL,
    "speaker.stand_back": _E.STAND_BACK,
    "speaker.admit": _E.ADMIT,
    "speaker.finish": _E.FINISH,
}


@dataclass
class Person:
    """What the model knows of one resident."""

    number: int
    token: str
    state: SpeakerState = _S.SUBMITTED
    by_phone: bool = False
    paused: bool = False
    rank: int | None = None
    device: str = ""
    devices: int = 0

    def after(self, event: SpeakerEvent) -> SpeakerState | None:
        return SPEAKER.get((self.state, event))


class SpeakerQueue(RuleBasedStateMachine):
    """Drives commands in any order, one machine on one database."""

    people = Bundle("people")
    empty: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="moot-queue-"))
        path = self.folder / "queue.db"
        shutil.copy(self.empty, path)
        self.database = Database(sqlite_file(path))
        self.known: list[Person] = []
        self.on_air: list[int] = []
        """Of the studio, in the order of admission."""
        self.house: House = self.run(furnish(self.database))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.database.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    def refused(self, work: Coroutine[Any, Any, object], kind: type[DomainError] = DomainError) -> None:
        """It is refused by name, and nothing changed."""
        before = self.run(self.house.meeting()).version
        try:
            self.run(work)
        except kind:
            assert self.run(self.house.meeting()).version == before
        else:
            raise AssertionError("it was done")

    def leave(self, person: Person, state: SpeakerState) -> None:
        if state is not _S.ON_AIR and person.number in self.on_air:
            self.on_air.remove(person.number)
        person.state, person.paused = state, person.paused and state is _S.ON_AIR

    @initialize()
    def go_live(self) -> None:
        self.run(self.house.live())

    @precondition(lambda self: len(self.known) < 3)
    @rule(target=people)
    def register(self) -> Person:
        name = f"Resident {len(self.known)}"
        registered = self.run(register(self.house.desk, self.house.ref, name=name, email="sam@example.org"))
        person = Person(registered.registration_id, registered.token, registered.state)
        self.known.append(person)
        return person

    @rule(person=people, name=st.sampled_from(sorted(NEEDS_NOTHING)))
    def command(self, person: Person, name: str) -> None:
        state = person.after(NEEDS_NOTHING[name])
        work = self.house.do(name, registration_id=person.number)
        if state is None:
            self.refused(work, IllegalTransition)
            return
        # No two are admitted in one moment: the order of those on air is that of their moments.
        self.house.clock.advance(seconds=1)
        self.run(work)
        self.leave(person, state)
        if state is _S.ON_AIR and not person.by_phone:
            self.on_air.append(person.number)
        self.moved_up(name)

    @rule(person=people)
    def taken_out(self, person: Person) -> None:
        """For good: no command leads anywhere from there."""
        state = person.after(_E.REMOVE)
        work = self.house.do("speaker.remove", registration_id=person.number, reason="Threats.")
        if state is None:
            self.refused(work, IllegalTransition)
            return
        self.run(work)
        self.leave(person, state)
        self.moved_up("speaker.remove")

    @rule(person=people, by_phone=st.booleans())
    def all_the_way(self, person: Person, *, by_phone: bool) -> None:
        """To the air by the usual steps: most of what can go wrong can go wrong there."""
        if person.state in (_S.SUBMITTED, _S.WAITING_LIST):
            self.command(person, "speaker.confirm")
        if person.state in (_S.CONFIRMED, _S.NO_SHOW) and by_phone and not person.by_phone:
            self.telephone(person, on=True)
        elif person.state in (_S.CONFIRMED, _S.NO_SHOW):
            self.open_the_link_on_a_new_device(person)
            self.resident(person, "speaker.check_in")
        for name in ("speaker.call", "speaker.admit"):
            self.command(person, name)

    def moved_up(self, name: str) -> None:
        """Who is declined, taken out or withdraws leaves a place; the next in line gets it, by the rules."""
        if name not in ("speaker.decline", "speaker.withdraw", "speaker.remove"):
            return
        for other in self.known:
            if other.state is _S.WAITING_LIST:
                other.state = self.run(self.house.speaker(other.number)).state

    @rule(person=people)
    def open_the_link_on_a_new_device(self, person: Person) -> None:
        device = f"device-{person.number}-{person.devices}"
        work = take_slot(self.house.desk, person.token, device)
        if person.state not in LINK_WORKS:
            self.refused(work, Forbidden)
            return
        self.run(work)
        person.device, person.devices = device, person.devices + 1
        if person.state is _S.ON_AIR and not person.by_phone:
            self.leave(person, _S.CALLED)

    @precondition(lambda self: any(one.device for one in self.known))
    @rule(person=people, name=st.sampled_from(["speaker.check_in", "speaker.withdraw", "chat.say"]))
    def resident(self, person: Person, name: str) -> None:
        payload = {"text": "Hello?"} if name == "chat.say" else {}
        work = self.house.do(name, Resident(person.number, self.house.meeting_id, person.device), **payload)
        if not person.device:
            self.refused(work)
            return
        if name == "chat.say":
            self.house.clock.advance(minutes=1)
            self.run(work) if person.state in LINK_WORKS else self.refused(work, Forbidden)
            return
        event = _E.CHECK_IN if name.endswith("check_in") else _E.WITHDRAW
        here = person.state in (*WAITING, _S.ON_AIR)
        state = person.state if event is _E.CHECK_IN and here else person.after(event)
        if state is None:
            self.refused(work, IllegalTransition)
            return
        self.run(work)
        self.leave(person, state)
        self.moved_up(name)

    @rule(person=people, on=st.booleans())
    def telephone(self, person: Person, *, on: bool) -> None:
        work = self.house.do("speaker.by_phone", registration_id=person.number, on=on)
        state = person.after(_E.JOIN_BY_PHONE if on else _E.LEAVE_PHONE)
        if state is None or person.by_phone is on:
            self.refused(work, IllegalTransition)
            return
        self.run(work)
        if on and person.number in self.on_air:
            self.on_air.remove(person.number)
        person.state, person.by_phone = state, on

    @rule(person=people, seconds=st.integers(1, 600))
    def extend(self, person: Person, seconds: int) -> None:
        before = self.run(self.house.speaker(person.number)).seconds
        work = self.house.do("speaker.extend", registration_id=person.number, seconds=seconds)
        if person.state not in LINK_WORKS:
            self.refused(work, IllegalTransition)
            return
        self.run(work)
        assert self.run(self.house.speaker(person.number)).seconds == before + seconds

    @rule(person=people, stand=st.booleans())
    def stand_still(self, person: Person, *, stand: bool) -> None:
        work = self.house.do("speaker.pause" if stand else "speaker.resume", registration_id=person.number)
        if person.state is not _S.ON_AIR or person.paused is stand:
            self.refused(work, IllegalTransition)
            return
        self.run(work)
        person.paused = stand

    @rule(order=st.permutations(range(3)), everybody=st.booleans())
    def reorder(self, order: list[int], *, everybody: bool) -> None:
        wanted = [self.known[place] for place in order if place < len(self.known)]
        ready = [one for one in wanted if one.state in (_S.CONFIRMED, _S.CHECKED_IN)]
        chosen = wanted if everybody else ready
        work = self.house.do("speaker.reorder", registration_ids=[one.number for one in chosen])
        if chosen != ready:
            self.refused(work, Conflict)
            return
        self.run(work)
        for rank, one in enumerate(ready, start=1):
            one.rank = rank

    @rule(here=st.booleans())
    def everybody_is_lost_for_long(self, *, here: bool) -> None:
        """The connections of all who are called and on air fail, and the places are given up."""
        lost = [one for one in self.known if one.state in (_S.CALLED, _S.ON_AIR) and not one.by_phone]
        pages = [one.number for one in self.known] if here else []
        for _ in range(2):
            seen = {one.number: False for one in lost}
            self.run(look_after(self.house.desk, self.house.ref, seen, pages))
            self.house.clock.advance(seconds=KEPT.total_seconds())
        self.run(look_after(self.house.desk, self.house.ref, {}, pages))
        for one in lost:
            self.leave(one, _S.CHECKED_IN if here else _S.NO_SHOW)

    @rule(number=st.integers(-1, 2**40), name=st.sampled_from(sorted(NEEDS_NOTHING)))
    def somebody_who_is_not_there(self, number: int, name: str) -> None:
        if number not in {one.number for one in self.known}:
            self.refused(self.house.do(name, registration_id=number))

    @invariant()
    def the_database_is_as_the_model(self) -> None:
        for one in self.known:
            row = self.run(self.house.speaker(one.number))
            assert (row.state, row.by_phone) == (one.state, one.by_phone), row.name
            runs, stands = row.ends_at is not None, row.left_ms is not None
            assert (runs, stands) == (one.state is _S.ON_AIR and not one.paused, one.paused), "only on air"

    @invariant()
    def the_studio_has_those_who_are_connected_and_no_others(self) -> None:
        assert self.run(speakers_on_air(self.house.desk, self.house.ref)) == self.on_air
        assert self.heard() == self.on_air

    def heard(self) -> list[int]:
        """What the studio was told: the last list, without those who were hung up since."""
        on_air: list[int] = []
        for name, *numbers in self.house.studio.calls:
            if name == "set_on_air":
                on_air = [int(number) for number in numbers]
            elif name == "close_speaker":
                on_air = [number for number in on_air if str(number) not in numbers]
        return on_air

    @invariant()
    def the_public_see_who_is_on_air_and_nobody_else(self) -> None:
        public = self.run(public_snapshot(self.house.desk, self.house.ref))
        rows = self.run(staff_snapshot(self.house.desk, self.house.ref)).speakers
        names = {row.id: row.name for row in rows}
        speaking = sorted(names[one.number] for one in self.known if one.state is _S.ON_AIR)
        assert sorted(one.name for one in public.on_air) == speaking
        assert public.speakers_waiting == sum(one.state in WAITING for one in self.known)

    @invariant()
    def the_queue_has_everybody_who_waits_once(self) -> None:
        waiting = [one for one in self.known if one.state in WAITING]
        places = [
            self.run(speaker_snapshot(self.house.desk, one.number, one.device)).position for one in waiting
        ]
        assert sorted(place or 0 for place in places) == list(range(1, len(waiting) + 1))
        called = [place or 0 for place, one in zip(places, waiting, strict=True) if one.state is _S.CALLED]
        assert sorted(called) == list(range(1, len(called) + 1)), "who is called is first"
        ranked = [one for one in waiting if one.state is _S.CHECKED_IN and one.rank is not None]
        by_rank = sorted(ranked, key=lambda one: one.rank or 0)
        where = {one.number: place or 0 for one, place in zip(waiting, places, strict=True)}
        assert by_rank == sorted(ranked, key=lambda one: where[one.number]), "as officers put them"


def test_the_queue_of_speakers(empty_database: Path) -> None:
    SpeakerQueue.empty = empty_database
    play(SpeakerQueue, steps=30)
