"""The public gate: the one way from the programme to the encoder.

Only this module can make a ``PublicPicture`` or a ``PublicSound``, and the encoder takes nothing else.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import av
import numpy as np
import structlog
from numpy.typing import NDArray

from media.clock import Clock
from media.control.command import Refused
from media.control.studio import GateState, GateStatus, SlateText
from media.gate.journal import DamagedJournal, Entry, Journal
from media.gate.states import IllegalTransition, NotConfirmed, check

log = structlog.get_logger(__name__)

DOUBT = SlateText(
    title="Technical problem",
    lines=["The broadcast has been interrupted.", "The meeting's officers have been told."],
)
_SEAL: Final = object()


class PublicPicture:
    """A picture that the public may have. Made by ``PublicGate`` alone; anybody else gets ``TypeError``."""

    __slots__ = ("frame",)

    def __init__(self, frame: av.VideoFrame, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate makes public pictures.")
        self.frame = frame


class PublicSound:
    """Sound that the public may have, float32 of shape (samples, 2). Made by ``PublicGate`` alone."""

    __slots__ = ("samples",)

    def __init__(self, samples: NDArray[np.float32], seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate makes public sound.")
        self.samples = samples


@dataclass(frozen=True, slots=True)
class Moment:
    """The gate between two changes."""

    change: int
    state: GateState
    slate: SlateText
    since_ms: int
    closed_slate: SlateText
    """What the public saw while the gate was last closed; stays up until the first picture after opening."""

    @property
    def open(self) -> bool:
        return self.state is GateState.OPEN


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick of the programme was begun under."""

    moment: Moment
    opened: bool
    """The gate opened since the tick before: all that sources handed in until now must be forgotten."""


class PublicGate:
    """Moved by the event loop's thread, passed by the ticker's.

    A cut takes effect in memory first, so that no disk can delay it; an opening is on disk first. What was
    composed under another moment than the present one never passes.
    """

    def __init__(
        self, journal: Journal, moment: Moment, clock: Clock, draw: Callable[[SlateText], av.VideoFrame]
    ) -> None:
        self._journal = journal
        self._now = moment
        self._clock = clock
        self._draw = draw
        self._disk = asyncio.Lock()
        self._numbered = moment.change
        self._ticked = moment.change

    @classmethod
    def resume(
        cls,
        journal: Journal,
        waiting: SlateText,
        clock: Clock,
        draw: Callable[[SlateText], av.VideoFrame],
        *,
        expected: bool,
    ) -> "PublicGate":
        """Go on where the journal ends; in any doubt as ``technical``. Blocking, for the start.

        ``expected``: this meeting had a studio before, so that a missing journal is a doubt.
        """
        now = round(clock.wall() * 1000)
        try:
            entries = journal.read()
            if not entries and expected:
                raise DamagedJournal("the journal is missing")
        except (DamagedJournal, OSError) as doubt:
            log.error("gate_journal_in_doubt", reason=str(doubt))
            gate = cls(journal, Moment(1, GateState.TECHNICAL, DOUBT, now, DOUBT), clock, draw)
            gate._begin_anew(f"In doubt: {doubt}")
            return gate
        if not entries:
            gate = cls(journal, Moment(1, GateState.WAITING, waiting, now, waiting), clock, draw)
            gate._begin_anew("The studio was opened.")
            return gate
        return cls(journal, _replay(entries), clock, draw)

    @property
    def now(self) -> Moment:
        return self._now

    def status(self) -> GateStatus:
        """As told to the hub."""
        now = self._now
        return GateStatus(state=now.state, slate=now.slate, since_ms=now.since_ms, changes=now.change)

    async def move(
        self, state: GateState, slate: SlateText, reason: str, by: str, *, confirmed: bool
    ) -> GateStatus:
        """Change the state; returns when the change is on disk.

        Raises ``Refused``: ``illegal_transition``, ``not_confirmed``, ``overtaken`` (an opening during which
        somebody else moved the gate) or ``journal_failed`` (an opening that could not be written). Then
        nothing has changed. A cut that cannot be written is obeyed all the same.
        """
        before = self._now
        try:
            check(before.state, state, confirmed=confirmed)
        except IllegalTransition as error:
            raise Refused("illegal_transition", str(error)) from error
        except NotConfirmed as error:
            raise Refused("not_confirmed", str(error)) from error
        self._numbered += 1
        now = round(self._clock.wall() * 1000)
        if state is GateState.OPEN:
            opening = Moment(self._numbered, state, slate, now, before.closed_slate)
            await self._open(before, opening, reason, by)
        else:
            self._now = Moment(self._numbered, state, slate, now, slate)
            await self._write(self._now, reason, by)
        return self.status()

    async def reword(self, slate: SlateText) -> GateStatus:
        """Change the words on the slate, nothing else."""
        async with self._disk:
            before = self._now
            closed = before.closed_slate if before.open else slate
            self._now = replace(before, slate=slate, closed_slate=closed)
            await self._write_locked(self._now, "New wording", "")
        return self.status()

    def begin(self) -> Tick:
        """Begin a tick; call it before anything is taken from a source."""
        moment = self._now
        opened = moment.open and moment.change != self._ticked
        self._ticked = moment.change
        return Tick(moment, opened)

    def pass_picture(self, tick: Tick, frame: av.VideoFrame | None) -> PublicPicture:
        """The programme's picture if the gate is and was open for all of this tick, or else the slate."""
        if frame is not None and self._is_open_for(tick):
            return PublicPicture(frame, _SEAL)
        now = self._now
        return PublicPicture(self._draw(now.closed_slate if now.open else now.slate), _SEAL)

    def pass_sound(self, tick: Tick, samples: NDArray[np.float32]) -> PublicSound:
        """The programme's sound under the same condition, or else as much silence."""
        return PublicSound(self.pass_return(tick, samples), _SEAL)

    def pass_return(self, tick: Tick, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """A speaker's return under the same condition, or else as much silence."""
        return samples if self._is_open_for(tick) else np.zeros_like(samples)

    def _is_open_for(self, tick: Tick) -> bool:
        now = self._now
        return tick.moment.open and now.open and now.change == tick.moment.change

    async def _open(self, before: Moment, opening: Moment, reason: str, by: str) -> None:
        async with self._disk:
            self._refuse_if_overtaken(before)
            try:
                await asyncio.to_thread(self._journal.append, _entry(opening, reason, by))
            except OSError as error:
                log.error("gate_journal_failed", error=str(error))
                raise Refused(
                    "journal_failed", f"The gate stays closed: its journal cannot be written ({error})."
                ) from error
            self._refuse_if_overtaken(before)
            self._now = opening

    async def _write(self, moment: Moment, reason: str, by: str) -> None:
        async with self._disk:
            await self._write_locked(moment, reason, by)

    async def _write_locked(self, moment: Moment, reason: str, by: str) -> None:
        try:
            await asyncio.to_thread(self._journal.append, _entry(moment, reason, by))
        except OSError as error:
            log.error("gate_cut_not_journalled", error=str(error))
            await asyncio.to_thread(self._distrust)

    def _refuse_if_overtaken(self, before: Moment) -> None:
        if self._now.change != before.change:
            raise Refused("overtaken", "Somebody else moved the gate at the same moment.")

    def _distrust(self) -> None:
        """The journal lacks a cut: set it aside, so that a restart is in doubt rather than open."""
        try:
            self._journal.set_aside()
        except OSError as error:
            log.error("gate_journal_cannot_be_set_aside", error=str(error))

    def _begin_anew(self, reason: str) -> None:
        try:
            if self._journal.exists():
                self._journal.set_aside()
            self._journal.append(_entry(self._now, reason, "studio"))
        except OSError as error:
            log.error("gate_journal_failed", error=str(error))


def _entry(moment: Moment, reason: str, by: str) -> Entry:
    return Entry(
        change=moment.change,
        at_ms=moment.since_ms,
        state=moment.state,
        slate=moment.slate,
        reason=reason,
        by=by,
    )


def _replay(entries: list[Entry]) -> Moment:
    last = entries[-1]
    since = next(entry.at_ms for entry in entries if entry.change == last.change)
    closed = next((entry.slate for entry in reversed(entries) if entry.state is not GateState.OPEN), DOUBT)
    return Moment(last.change, last.state, last.slate, since, closed)
