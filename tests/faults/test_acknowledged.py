"""The hub is killed in the middle of everything people do: what was acknowledged is there, and there once.

Every message is sent again under the same client id until it is acknowledged, as pages do. ``HUB_DEATHS=100``
is the long run.
"""

import asyncio
import json
import os
import random
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import ClientError, ClientSession
from sqlmodel import select

from hub.database import Database, sqlite_file
from hub.domain.models import Question, Registration, Vote
from hub.domain.states.question import QuestionState
from tests.faults.mortal_hub import REF, MortalHub, seed
from tests.signalling.raw import Raw, raw
from tests.support.sockets import Told, signed_in
from tests.support.waiting import until_async

DEATHS = int(os.environ.get("HUB_DEATHS", "10"))
ASKERS = 3
SOON = 0.3
"""Seconds after everybody began within which the hub dies."""
BACK_SECONDS = 30.0
"""Until everybody is back in the right state; how long it took is printed."""
T = TypeVar("T")
AUDIENCE = "/audience"
LOST = (AssertionError, ConnectionError, ClientError, TimeoutError, OSError)
"""How a hub that dies looks from outside; the tests' raw sockets assert that they are answered."""


@dataclass
class Acknowledged:
    """What the hub said it had taken."""

    questions: set[str] = field(default_factory=set)
    decided: dict[int, str] = field(default_factory=dict)
    votes: Counter[int] = field(default_factory=Counter)
    residents: set[str] = field(default_factory=set)


class Page:
    """One open page: it comes back by itself and sends again what was not answered."""

    def __init__(self, hub: MortalHub, device: str) -> None:
        self._hub = hub
        self._device = device

    async def surely(self, event: str, **payload: object) -> Told:
        """Send until it is answered."""
        message = {"client_id": uuid.uuid4().hex, **payload}

        async def attempt() -> Told:
            async with raw(self._hub.address) as wire:
                await self._enter(wire)
                answer: Told = await wire.ask(AUDIENCE, [event, message])
                return answer

        return await persist(attempt)

    async def sees_own(self, text: str) -> None:
        """Be told of a question of one's own, by the hub that is there now."""

        async def look() -> None:
            async with raw(self._hub.address) as wire:
                assert text in await self._enter(wire)

        await persist(look)

    async def _enter(self, wire: Raw) -> str:
        """What was asked from this device before, as text."""
        await wire.say(f"40{AUDIENCE},{json.dumps({'meeting': REF, 'device': self._device})}")
        mine = await wire.until(f'42{AUDIENCE},["mine"')
        await wire.until(f"40{AUDIENCE},")
        return mine


async def persist(attempt: Callable[[], Awaitable[T]]) -> T:
    """Again and again until the hub answers."""

    async def answered() -> tuple[T] | None:
        try:
            return (await attempt(),)
        except LOST:
            return None

    answer = await until_async(answered, "an answer of the hub", BACK_SECONDS)
    assert answer is not None
    return answer[0]


class People:
    """Everybody who does something while the hub lives and dies."""

    def __init__(self, hub: MortalHub, item: int, cookies: str, http: ClientSession) -> None:
        self._hub = hub
        self._item = item
        self._cookies = cookies
        self._http = http
        self.done = Acknowledged()

    def at_work(self, death: int, chance: random.Random) -> list[Coroutine[Any, Any, None]]:
        """What all of them do around one death."""
        asking = [
            self.ask(Page(self._hub, f"device-{death:04}-{number}"), f"Question {death}.{number}?")
            for number in range(ASKERS)
        ]
        voter = Page(self._hub, f"voter-{death:04}")
        return [*asking, self.vote(voter), self.moderate(chance), self.register(f"Resident {death}")]

    async def ask(self, page: Page, text: str) -> None:
        answer = await page.surely("question.submit", text=text, author="", item_id=None)
        assert answer["ok"], answer
        self.done.questions.add(text)
        await page.sees_own(text)

    async def vote(self, page: Page) -> None:
        """For the questions that were approved last."""
        for number, decision in list(self.done.decided.items())[-3:]:
            if decision == "approve":
                answer = await page.surely("question.vote", question_id=number)
                assert answer["ok"], answer
                self.done.votes[number] += 1

    async def moderate(self, chance: random.Random) -> None:
        """Decide what waits."""
        for number in await persist(self._pending):
            decision = chance.choice(("approve", "reject"))
            payload = {"client_id": uuid.uuid4().hex, "question_id": number}
            answer = await persist(partial(self._command, f"question.{decision}", payload))
            assert answer.get("ok"), answer
            self.done.decided[number] = decision

    async def register(self, name: str) -> None:
        """By the form. It knows no client id: sent again, it says that it has been sent before."""
        form = {
            "name": name,
            "email": f"{name.lower().replace(' ', '.')}@example.org",
            "kind": "speak",
            "mode": "remote",
            "consent": "picture_and_sound",
            "item_id": str(self._item),
        }
        await persist(lambda: self._send_form(form))
        self.done.residents.add(name)

    async def _send_form(self, form: dict[str, str]) -> None:
        address = f"{self._hub.address}/meetings/{REF}/register"
        async with self._http.post(address, data=form, headers={"Origin": self._hub.address}) as response:
            text = await response.text()
            there = response.status < 300 or "You are registered for this already" in text
            if not there:
                raise AssertionError(f"{response.status}: {text[-2000:]}")

    async def all_see_it(self) -> None:
        """Wait until the officer and the public are told just what was acknowledged."""
        await persist(self._officer_sees_it)
        await persist(self._public_see_it)

    async def _officer_sees_it(self) -> None:
        state = await self._console()
        waiting = {question["text"] for question in state["pending"]}
        assert waiting <= self.done.questions
        assert not self.done.decided.keys() & {question["id"] for question in state["pending"]}
        assert sorted(row["name"] for row in state["speakers"]) == sorted(self.done.residents)

    async def _public_see_it(self) -> None:
        async with raw(self._hub.address) as wire:
            await wire.say(f"40{AUDIENCE},{json.dumps({'meeting': REF, 'device': 'onlooker-0000'})}")
            state = json.loads((await wire.until(f'42{AUDIENCE},["state",'))[:-1])
        votes = {question["id"]: question["votes"] for question in state["questions"]}
        approved = [number for number, decision in self.done.decided.items() if decision == "approve"]
        assert votes == {number: self.done.votes[number] for number in approved}

    async def _pending(self) -> list[int]:
        return [question["id"] for question in (await self._console())["pending"]]

    async def _console(self) -> dict[str, Any]:
        """What an officer who comes back is told."""
        async with raw(self._hub.address, {"Cookie": self._cookies}) as wire:
            await wire.say(f"40/console,{json.dumps({'meeting': REF})}")
            state: dict[str, Any] = json.loads((await wire.until('42/console,["state",'))[:-1])
            return state

    async def _command(self, name: str, payload: dict[str, object]) -> dict[str, Any]:
        address = f"{self._hub.address}/api/v1/meetings/{REF}/commands/{name}"
        headers = {"Origin": self._hub.address, "Cookie": self._cookies}
        async with self._http.post(address, json=payload, headers=headers) as response:
            answer: dict[str, Any] = await response.json()
            return answer


@pytest.mark.timeout(120 + 30 * DEATHS)
async def test_whatever_was_acknowledged_is_there_once(tmp_path: Path) -> None:
    seeded = await seed(tmp_path / "data")
    chance = random.Random(20261127)
    took: list[float] = []
    async with MortalHub(tmp_path) as hub, ClientSession() as http:
        cookies = await signed_in(f"{hub.address}/sign-in/{seeded.sign_in}")
        people = People(hub, seeded.item, cookies, http)
        for death in range(DEATHS):
            async with asyncio.TaskGroup() as everybody:
                for work in people.at_work(death, chance):
                    everybody.create_task(work)
                await asyncio.sleep(chance.uniform(0, SOON))
                hub.kill()
                died = time.monotonic()
                await hub.begin()
            await people.all_see_it()
            took.append(time.monotonic() - died)
    print(f"back in the right state after {DEATHS} deaths: {sorted(round(one, 1) for one in took)} s")
    await judge(tmp_path / "data", people.done)


async def judge(data: Path, done: Acknowledged) -> None:
    """Compare what was acknowledged with what is in the database."""
    async with Database(sqlite_file(data / "moothall.sqlite3")) as database, database.read() as session:
        questions = list(await session.exec(select(Question)))
        votes = Counter([vote.question_id for vote in await session.exec(select(Vote))])
        residents = Counter([row.name for row in await session.exec(select(Registration))])
    texts = Counter(question.text for question in questions)
    assert texts == Counter(done.questions), "each question once"
    assert residents == Counter(done.residents), "each registration once"
    wanted = {"approve": QuestionState.APPROVED, "reject": QuestionState.REJECTED}
    for question in questions:
        assert question.id is not None
        decision = done.decided.get(question.id)
        assert question.state is (wanted[decision] if decision else QuestionState.PENDING)
        assert question.votes == votes[question.id] == done.votes[question.id]
    assert done.decided, "there was something to lose"
    assert done.votes.total() > 0
