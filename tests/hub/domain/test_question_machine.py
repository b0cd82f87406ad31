"""Questions under everything that viewers and officers do to them, in any order.

A model keeps what must be true; the real commands run on a real database. The model moves by a table that was
written by hand (``tests.hub.domain.expected``): what it does not allow must be refused and change nothing.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from hub.database import Database, sqlite_file
from hub.domain.errors import Conflict, IllegalTransition, NotFound
from hub.domain.states.question import PUBLIC, QuestionEvent, QuestionState
from hub.domain.views import own_questions, public_snapshot, questions_record, staff_snapshot
from tests.hub.conftest import House, furnish
from tests.hub.domain.expected import QUESTION
from tests.support.machine import play

T = TypeVar("T")
DEVICES = st.sampled_from(["device-a", "device-b", "device-c"])
OF_THEIR_OWN = (QuestionEvent.MERGE, QuestionEvent.WITHDRAW, QuestionEvent.EDIT)
"""Events with a rule of their own below."""
EVENTS = st.sampled_from([event for event in QuestionEvent if event not in OF_THEIR_OWN])


@dataclass
class Model:
    """A question as it should be."""

    device: str
    text: str
    state: QuestionState = QuestionState.PENDING
    voters: set[str] = field(default_factory=set)
    secret: str = ""
    """What was written to its author alone."""
    absorbed: set[int] = field(default_factory=set)
    """Questions that were merged into it."""
    edits: int = 0


class Questions(RuleBasedStateMachine):
    """Several viewers, two officers, one meeting."""

    empty_database: Path
    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "moothall.db"
        shutil.copy(self.empty_database, file)
        self.database = Database(sqlite_file(file))
        self.questions: dict[int, Model] = {}
        self.moves = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        self.house: House = self.run(furnish(self.database))
        self.run(self.house.live())

    def teardown(self) -> None:
        self.run(self.database.close())
        self.loop.close()
        self.folder.cleanup()

    @rule(target=asked, device=DEVICES)
    def ask(self, device: str) -> Any:
        if len(self.questions) >= 6:
            return multiple()
        self.house.clock.advance(minutes=1)
        text = f"Question-{len(self.questions)}-of-{device}?"
        number = self.run(self.house.ask(text, device))
        self.questions[number] = Model(device, text)
        return number

    @rule(number=asked, device=DEVICES)
    def vote(self, number: int, device: str) -> None:
        question = self.questions[number]
        vote = self.house.do("question.vote", self.house.viewer(device), question_id=number)
        if question.state not in PUBLIC:
            self.refused(vote, NotFound)
        elif question.state is QuestionState.ANSWERED:
            self.refused(vote, IllegalTransition)
        else:
            question.voters.add(device)
            assert self.run(vote) == {"votes": len(question.voters)}

    @rule(number=asked, device=DEVICES)
    def withdraw(self, number: int, device: str) -> None:
        question = self.questions[number]
        command = self.house.do("question.withdraw", self.house.viewer(device), question_id=number)
        if device != question.device:
            self.refused(command, NotFound)
        else:
            self.move(question, QuestionEvent.WITHDRAW, command)

    @rule(number=asked, device=DEVICES, seen=st.booleans())
    def edit(self, number: int, device: str, seen: bool) -> None:
        question = self.questions[number]
        version = self.version_for_officers(number)
        text = f"{question.text.partition(' (')[0]} ({question.edits + 1})"
        self.house.clock.advance(minutes=1)
        command = self.house.do("question.edit", self.house.viewer(device), question_id=number, text=text)
        if device != question.device:
            self.refused(command, NotFound)
        elif question.state is QuestionState.PENDING and (question.voters or question.absorbed):
            self.refused(command, IllegalTransition)
        elif self.move(question, QuestionEvent.EDIT, command):
            question.text, question.edits = text, question.edits + 1
            if seen:
                older = self.house.do("question.approve", question_id=number, seen=version)
                self.refused(older, Conflict)

    def version_for_officers(self, number: int) -> int:
        pending = self.run(staff_snapshot(self.house.desk, self.house.ref)).pending
        return next((one.version for one in pending if one.id == number), 0)

    @rule(number=asked, event=EVENTS, second=st.booleans())
    def decide(self, number: int, event: QuestionEvent, second: bool) -> None:
        question = self.questions[number]
        payload: dict[str, Any] = {}
        name = f"question.{event}"
        if event in (QuestionEvent.ANSWER, QuestionEvent.REPLY):
            name = "question.answer"
            payload = {"text": f"Answer-{self.moves}.", "private": event is QuestionEvent.REPLY}
        officer = self.house.second_clerk if second else self.house.clerk
        if self.move(question, event, self.house.do(name, officer, question_id=number, **payload)):
            question.secret = payload["text"] if event is QuestionEvent.REPLY else ""
            if event is QuestionEvent.PUT_BACK:
                for other in self.questions.values():
                    other.absorbed.discard(number)

    @rule(number=asked, into=asked)
    def merge(self, number: int, into: int) -> None:
        question, other = self.questions[number], self.questions[into]
        command = self.house.do("question.merge", question_id=number, into_id=into)
        if number == into or other.state not in (
            QuestionState.PENDING,
            QuestionState.APPROVED,
            QuestionState.ANSWERING,
        ):
            self.refused(command, Exception)
        elif self.move(question, QuestionEvent.MERGE, command):
            question.voters, other.voters = question.voters & other.voters, question.voters | other.voters
            other.absorbed.add(number)

    @rule(number=asked)
    def decide_about_something_older(self, number: int) -> None:
        self.refused(self.house.do("question.approve", question_id=number, seen=999), Conflict)

    def move(self, question: Model, event: QuestionEvent, command: Coroutine[Any, Any, Any]) -> bool:
        if (question.state, event) not in QUESTION:
            self.refused(command, IllegalTransition)
            return False
        self.run(command)
        question.state = QUESTION[question.state, event]
        self.moves += 1
        return True

    def refused(self, command: Coroutine[Any, Any, Any], error: type[Exception]) -> None:
        version = self.run(self.house.meeting()).version
        with pytest.raises(error):
            self.run(command)
        assert self.run(self.house.meeting()).version == version, "a refusal changes nothing"

    @invariant()
    def the_public_see_what_is_public_and_nothing_else(self) -> None:
        if not self.questions:
            return
        snapshot = self.run(public_snapshot(self.house.desk, self.house.ref))
        seen = {one.id: (one.state, one.votes) for one in snapshot.questions}
        assert seen == {
            number: (question.state, len(question.voters))
            for number, question in self.questions.items()
            if question.state in PUBLIC
        }
        wire = snapshot.model_dump_json()
        for question in self.questions.values():
            assert question.state in PUBLIC or question.text not in wire
            assert not question.secret or question.secret not in wire

    @invariant()
    def everybody_sees_where_their_own_stand(self) -> None:
        for device in {question.device for question in self.questions.values()}:
            own = self.run(own_questions(self.house.desk, self.house.ref, device))
            mine = {number: one for number, one in self.questions.items() if one.device == device}
            assert {one.id: (one.state, one.text) for one in own} == {
                number: (one.state, one.text) for number, one in mine.items()
            }
            assert {one.id for one in own if one.may_edit} == {
                number
                for number, one in mine.items()
                if one.state is QuestionState.PENDING and not (one.voters or one.absorbed)
            }
            assert {one.id for one in own if one.answered_how == "private"} >= {
                number for number, one in mine.items() if one.secret
            }

    @invariant()
    def every_move_is_in_the_log(self) -> None:
        if self.questions:
            log = self.run(questions_record(self.house.desk, self.house.ref)).log
            assert len(log) == self.moves


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_questions_in_any_order(empty_database: Path) -> None:
    Questions.empty_database = empty_database
    play(Questions, steps=25)
