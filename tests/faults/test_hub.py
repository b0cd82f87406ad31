"""The hub is killed with SIGKILL: the media go on without it, and the next hub finds everything."""

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path

import socketio

from media.control.studio import GateState, GetStatus, SetGate, SlateText, StudioStatus
from tests.faults.conftest import KINDS, Running, attended
from tests.signalling.line import Line
from tests.support.channel import ask
from tests.support.demo import Demo, demo
from tests.support.sockets import signed_in
from tests.support.waiting import until, until_async

VIEWERS = 12
PER_VIEWER = 3
"""Questions that a device may send in a minute."""
ENOUGH = 10
"""Questions that were acknowledged before the hub is killed."""


async def test_the_next_hub_finds_the_meeting_as_private_as_it_was(tmp_path: Path) -> None:
    async with demo(tmp_path) as first:
        async with attended(first, await signed_in(first.links.console)) as before:
            await before.clerk.call("meeting.private", item_id=None, paragraphs=[3])
            status = await before.gate("private")
            pids = before.pids()
            assert None not in pids.values(), pids
            taken, sent = await _ask_until_killed(before)
        await _stays_private_alone(first, before.ref, status["pictures"])
        await until(lambda: before.pids() == pids, "the spare to leave, and nothing else")
        found = {"MOOTHALL_RUN_DIR": str(first.sockets)}
        async with (
            demo(tmp_path, environment=found) as second,
            attended(second, await signed_in(second.links.console)) as after,
        ):
            assert {kind: first.processes(kind) for kind in KINDS} == {
                kind: [pid] for kind, pid in pids.items()
            }
            assert not any(second.processes(kind) for kind in KINDS), "none was started beside them"
            studio = await after.gate("private")
            assert studio["session"] == status["session"]
            assert studio["gate"] == status["gate"], "nobody touched it"
            _nothing_acknowledged_is_lost(after, taken, sent)
            await _the_console_works(after)
            await _kill(second)
        await _open_behind_the_back(first, before.ref)
        async with (
            demo(tmp_path, environment=found) as third,
            attended(third, await signed_in(third.links.console)) as last,
        ):
            studio = await last.gate("private")
            assert studio["gate"]["slate"]["title"] == "The public have been excluded"
            assert {kind: first.processes(kind) for kind in KINDS} == {
                kind: [pid] for kind, pid in pids.items()
            }


async def _ask_until_killed(hall: Running) -> tuple[list[str], list[str]]:
    """Many viewers ask and the hub dies under it: the texts it acknowledged, and all that were sent."""
    taken: list[str] = []
    sent: list[str] = []
    lines = [Line("/audience") for _ in range(VIEWERS)]
    for number, line in enumerate(lines):
        auth = {"meeting": hall.ref, "device": f"device-number-{number}"}
        await line.connect(hall.demo.links.home, auth)

    async def ask(number: int, line: Line) -> None:
        for turn in range(PER_VIEWER):
            text = f"Question {turn} of viewer {number}?"
            sent.append(text)
            answer = await line.ask("question.submit", client_id=text, text=text, author="", item_id=None)
            assert answer["ok"], answer
            taken.append(text)
            if len(taken) == ENOUGH:
                os.kill(hall.demo.links.pid, signal.SIGKILL)

    asking = [asyncio.create_task(ask(number, line)) for number, line in enumerate(lines)]
    async with asyncio.timeout(10):
        await hall.demo.process.wait()
    for task in asking:
        task.cancel()
    ends = await asyncio.gather(*asking, return_exceptions=True)
    faults = [
        end
        for end in ends
        if isinstance(end, Exception) and not isinstance(end, socketio.exceptions.SocketIOError)
    ]
    assert not faults
    await asyncio.gather(*(line.close() for line in lines))
    assert ENOUGH <= len(taken) < VIEWERS * PER_VIEWER, "it was killed in the middle"
    return taken, sent


async def _stays_private_alone(hub: Demo, ref: str, pictures: int) -> None:
    """Ask the studio itself, since there is no hub to ask."""
    async with asyncio.timeout(10):
        while (status := await _studio_of(hub, ref)).pictures < pictures + 25:
            assert status.gate.state is GateState.PRIVATE


async def _open_behind_the_back(hub: Demo, ref: str) -> None:
    """As if the hub had died between opening the gate and writing it down."""
    slate = SlateText(title="We are back in a moment")
    opening = SetGate(state=GateState.OPEN, slate=slate, by="Ann Clark", reason="", confirmed=True)
    assert (await ask(hub.sockets / f"{ref}.studio", opening)).state is GateState.OPEN


async def _studio_of(hub: Demo, ref: str) -> StudioStatus:
    return await ask(hub.sockets / f"{ref}.studio", GetStatus())


def _nothing_acknowledged_is_lost(hall: Running, taken: list[str], sent: list[str]) -> None:
    there = Counter(question["text"] for question in hall.clerk.told["state"]["pending"])
    assert not [text for text in taken if there[text] != 1], "each acknowledged question is there, once"
    assert set(there) <= set(sent)
    assert max(there.values()) == 1


async def _the_console_works(hall: Running) -> None:
    version = hall.clerk.told["state"]["public"]["version"]
    await hall.clerk.call("item.next", expected_version=version)
    question = hall.clerk.told["state"]["pending"][0]["id"]
    await hall.clerk.call("question.approve", question_id=question)
    await hall.clerk.until("state", lambda told: told["public"]["questions"], "the approved question")
    await until_async(lambda: _is_private(hall), "the public page to say why there is no picture", 5)
    engine = await hall.clerk.until("engine", lambda told: not told["alarms"], "no alarms")
    last = engine["recorder"]["last_seconds"]
    await hall.clerk.until("engine", lambda told: told["recorder"]["last_seconds"] > last, "the recording")


async def _is_private(hall: Running) -> bool:
    async with hall.http.get(f"{hall.demo.links.meeting}/state.json") as response:
        return bool((await response.json())["state"] == "private")


async def _kill(hub: Demo) -> None:
    hub.process.send_signal(signal.SIGKILL)
    await hub.process.wait()
