"""``moothall cut``: from this machine to the studio, past the hub, the database and Redis.

Two ways at once. A file beside the gate's journal, which a running studio sees within a tick and a starting
one before its first picture; and the studio's control socket, which says what the public see now. Either is
enough.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hub.settings import Settings
from hub.supervision.plans import JOURNAL
from media.config import StudioConfig
from media.control.channel import ControlClient
from media.control.command import Disconnected, Refused
from media.control.studio import GateState, GateStatus, GetStatus, SetGate
from media.gate.wish import EMERGENCY, Wish, Wishes

EMERGENCY_REASON = "Emergency cut at the machine"
ANSWER_SECONDS = 2.0
CONFIG = ".studio.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``code``: 0, the studio says it is shut; 2, it will come up shut; 1, nothing could be done."""

    code: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one studio is found."""

    meeting: str
    socket: Path
    journal: Path


async def cut_here(settings: Settings, meeting: str, *, by: str, reason: str) -> Outcome:
    """Cut the meeting, or the only one that runs when none is named."""
    places = find(settings, meeting)
    if len(places) != 1:
        names = ", ".join(place.meeting for place in places)
        return Outcome(1, (f"Say which: {names}." if names else "No studio is running here.",))
    place = places[0]
    written = await asyncio.to_thread(_write, place, Wish(by=by, reason=reason))
    gate = await _ask(place, by, reason)
    if gate is not None and gate.state is not GateState.OPEN:
        return Outcome(0, _told(gate))
    if not written:
        return Outcome(1, ("Nothing could be done: the studio does not answer, and the disk takes nothing.",))
    return Outcome(
        2,
        (
            "The studio does not answer. The cut is written down, and the studio comes back shut.",
            "Until then the public have what they had: look at the public page.",
        ),
    )


def find(settings: Settings, meeting: str) -> list[Place]:
    """The studio of a meeting; without a name, all that have been started and not ended."""
    if meeting:
        name = settings.media_name(meeting)
        named = _read(settings.sockets / f"{name}{CONFIG}")
        if named is not None:
            return [Place(meeting, named.control_socket, named.journal)]
        folder = settings.meeting_dir(meeting)
        if folder.parent != settings.meetings_dir or not folder.is_dir():
            return []
        return [Place(meeting, settings.sockets / f"{name}.studio", folder / JOURNAL)]
    found = (_read(path) for path in sorted(settings.sockets.glob(f"*{CONFIG}")))
    return [
        Place(config.journal.parent.name, config.control_socket, config.journal)
        for config in found
        if config is not None
    ]


def _read(path: Path) -> StudioConfig | None:
    try:
        return StudioConfig.load(path)
    except (OSError, ValidationError):
        return None


def _write(place: Place, wish: Wish) -> bool:
    try:
        Wishes(place.journal).put(wish)
    except OSError:
        return False
    return True


async def _ask(place: Place, by: str, reason: str) -> GateStatus | None:
    """What the studio says, after it was told; ``None`` when it says nothing."""
    client = ControlClient(place.socket)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await client.connect()
            gate = (await client.call(GetStatus())).gate
            if gate.state is GateState.OPEN:
                gate = await client.call(
                    SetGate(state=GateState.TECHNICAL, slate=EMERGENCY, reason=reason, by=by)
                )
            return gate
    except (OSError, Disconnected, Refused):
        return None
    finally:
        await client.close()


def _told(gate: GateStatus) -> tuple[str, ...]:
    lines = "".join(f"\n    {line}" for line in gate.slate.lines)
    return (f"The gate is closed ({gate.state.value}). The public see:\n    {gate.slate.title}{lines}",)
