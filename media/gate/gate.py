"""The public gate: the one way from the programme to the encoder.

Only this module can make a ``PublicPicture``, a ``PublicSound`` or a ``PublicCaption``, and the encoders take
nothing else.
"""

import asyncio
import math
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import av
import numpy as np
import structlog
from numpy.typing import NDArray

from media.clock import Clock
from media.control.command import Refused
from media.control.studio import GateState, GateStatus, SlateText
from media.gate.journal import DamagedJournal, Journal
from media.gate.moment import DOUBT, Moment, Tick, entry_of, replay
from media.gate.states import TABLE, IllegalTransition, NotConfirmed, check
from media.gate.wish import Wish, Wishes
from media.gate.words import Words, take

log = structlog.get_logger(__name__)

DROPPING = frozenset({GateState.PRIVATE, GateState.TECHNICAL})
"""States whose beginning drops what the broadcast delay holds, unless the caller says otherwise."""
BLOCK = 960
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


class PublicCaption:
    """A line that the public may read, and for how many seconds. Made by ``PublicGate`` alone."""

    __slots__ = ("seconds", "text")

    def __init__(self, words: Words, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate makes public captions.")
        self.text, self.seconds = words.text, words.seconds


class PublicGate:
    """Moved by the event loop's thread, passed by the ticker's.

    A cut takes effect in memory first, so that no disk can delay it; an opening is on disk first. What was
    composed under another moment than the present one never passes.
    """

    def __init__(
        self, journal: Journal, moment: Moment, clock: Clock, draw: Callable[[SlateText], av.VideoFrame]
    ) -> None:
        self._journal = journal
        self._wishes = Wishes(journal.path)
        self._changing = threading.Lock()
        self._now = moment
        self._clock = clock
        self._draw = draw
        self._disk = asyncio.Lock()
        self._numbered = moment.change
        self._ticked = moment
        self._opened = moment.open
        self._opened_at = -math.inf
        """When it was opened last, monotonic seconds."""
        self.on_wish: Callable[[Moment, Wish], None] = lambda moment, wish: None
        """Called in the ticker's thread after a cut by file took effect; ``write_down`` belongs behind it."""

    @classmethod
    def resume(
        cls,
        journal: Journal,
        waiting: SlateText,
        clock: Clock,
        draw: Callable[[SlateText], av.VideoFrame],
        *,
        expected: bool,
        delay: int = 0,
    ) -> "PublicGate":
        """Go on where the journal ends; in any doubt as ``technical``. Blocking, for the start.

        ``expected``: this meeting had a studio before, so that a missing journal is a doubt. ``delay``:
        seconds, for a meeting that has no journal yet. In doubt the longest that the journal tells of counts.
        """
        gate = cls._from_disk(journal, waiting, clock, draw, expected=expected, delay=delay)
        wish = gate._wishes.left_over()
        if wish is not None:
            moment = gate._close_for(wish)
            gate._begin_with(moment or gate.now, wish)
        return gate

    @classmethod
    def _from_disk(
        cls,
        journal: Journal,
        waiting: SlateText,
        clock: Clock,
        draw: Callable[[SlateText], av.VideoFrame],
        *,
        expected: bool,
        delay: int,
    ) -> "PublicGate":
        now = round(clock.wall() * 1000)
        try:
            entries = journal.read()
            if not entries and expected:
                raise DamagedJournal("the journal is missing")
        except (DamagedJournal, OSError) as doubt:
            log.error("gate_journal_in_doubt", reason=str(doubt))
            delay = max(delay, journal.longest_delay())
            gate = cls(
                journal, Moment(1, GateState.TECHNICAL, DOUBT, now, DOUBT, delay, secret=True), clock, draw
            )
            gate._begin_anew(f"In doubt: {doubt}")
            return gate
        if not entries:
            gate = cls(journal, Moment(1, GateState.WAITING, waiting, now, waiting, delay), clock, draw)
            gate._begin_anew("The studio was opened.")
            return gate
        gate = cls(journal, replay(entries), clock, draw)
        gate._opened = any(entry.state is GateState.OPEN for entry in entries)
        return gate

    @property
    def now(self) -> Moment:
        return self._now

    def status(self) -> GateStatus:
        """As told to the hub."""
        now = self._now
        return GateStatus(
            state=now.state,
            slate=now.slate,
            since_ms=now.since_ms,
            changes=now.change,
            delay_seconds=now.delay,
            held_until_ms=now.held_until_ms,
            secret=now.secret,
        )

    async def move(
        self,
        state: GateState,
        slate: SlateText,
        reason: str,
        by: str,
        *,
        confirmed: bool,
        drop: bool | None = None,
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
        if state is GateState.OPEN:
            await self._open(before, slate, reason, by)
        else:
            moment = self._close(state, slate, drop=state in DROPPING if drop is None else drop)
            await self._write(moment, reason, by)
        return self.status()

    async def set_delay(self, seconds: int) -> GateStatus:
        """Choose the broadcast delay. Raises ``Refused`` with ``too_late`` once the gate has been open."""
        async with self._disk:
            with self._changing:
                if self._now.state is not GateState.WAITING or self._opened:
                    raise Refused("too_late", "The delay can be changed before the meeting goes live only.")
                self._now = replace(self._now, delay=seconds)
                moment = self._now
            await self._write_locked(moment, f"Broadcast delay of {seconds} seconds", "")
        return self.status()

    async def reword(self, slate: SlateText) -> GateStatus:
        """Change the words on the slate, nothing else."""
        async with self._disk:
            with self._changing:
                before = self._now
                closed = before.closed_slate if before.open else slate
                self._now = replace(before, slate=slate, closed_slate=closed)
                moment = self._now
            await self._write_locked(moment, "New wording", "")
        return self.status()

    async def write_down(self, moment: Moment, wish: Wish) -> None:
        """Journal a cut that came by file, then forget the file."""
        await self._write(moment, wish.reason, wish.by)
        try:
            await asyncio.to_thread(self._wishes.done)
        except OSError as error:
            log.error("gate_wish_not_forgotten", error=str(error))

    def begin(self, due: float = math.inf) -> Tick:
        """Begin a tick; call it before anything is taken from a source. Obeys a cut that came by file.

        ``due``: monotonic seconds, when the media of the tick are of. One that was due before an opening
        and is made late still belongs to the closed gate: nothing public bears a time from before it.
        """
        wish = self._wishes.take()
        if wish is not None:
            obeyed = self._close_for(wish)
            self.on_wish(obeyed or self._now, wish)
        moment = self._now
        opened = moment.open and moment.change != self._ticked.change
        if opened and due < self._opened_at:
            return Tick(self._ticked, opened=False)
        self._ticked = moment
        return Tick(moment, opened)

    def pass_picture(self, tick: Tick, frame: av.VideoFrame | None) -> PublicPicture:
        """The programme's picture if the gate is and was open for all of this tick, or else the slate."""
        if frame is not None and self.is_open_for(tick):
            return PublicPicture(frame, _SEAL)
        return self.slate()

    def slate(self) -> PublicPicture:
        """What the public see while they see no meeting."""
        now = self._now
        return PublicPicture(self._draw(now.closed_slate if now.open else now.slate), _SEAL)

    @staticmethod
    def silence() -> PublicSound:
        """20 ms of nothing."""
        return PublicSound(np.zeros((BLOCK, 2), np.float32), _SEAL)

    def pass_sound(self, tick: Tick, samples: NDArray[np.float32]) -> PublicSound:
        """The programme's sound under the same condition, or else as much silence."""
        return PublicSound(self.pass_return(tick, samples), _SEAL)

    def pass_return(self, tick: Tick, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """A speaker's return under the same condition, or else as much silence."""
        return samples if self.is_open_for(tick) else np.zeros_like(samples)

    def take_words(self, text: str, seconds: float | None, said_ms: int) -> Words:
        """A captioner's line, at the moment it comes.

        ``said_ms``: Unix milliseconds of its first words. Raises ``Refused``: ``not_public`` or ``too_soon``.
        """
        return take(self._now, text, seconds, said_ms, self._clock.monotonic() - self._opened_at)

    def pass_words(self, tick: Tick, words: Words) -> PublicCaption | None:
        """The line if the gate is open for this tick and did not move since it came."""
        passes = self.is_open_for(tick) and words.change == tick.moment.change
        return PublicCaption(words, _SEAL) if passes else None

    def is_open_for(self, tick: Tick) -> bool:
        """Whether the gate is, and was for all of this tick, open."""
        now = self._now
        return tick.moment.open and now.open and now.change == tick.moment.change

    def still(self, tick: Tick) -> bool:
        """Whether the gate has not moved since this tick began."""
        return self._now.change == tick.moment.change

    def _close(self, state: GateState, slate: SlateText, *, drop: bool) -> Moment:
        """Effective at once. From any thread."""
        with self._changing:
            before = self._now
            now = round(self._clock.wall() * 1000)
            held = now + before.delay * 1000 if before.open and before.delay else before.held_until_ms
            self._numbered += 1
            self._now = Moment(
                change=self._numbered,
                state=state,
                slate=slate,
                since_ms=now,
                closed_slate=slate,
                delay=before.delay,
                drops=before.drops + drop,
                held_until_ms=0 if drop else held,
                secret=before.secret or state is GateState.PRIVATE,
            )
            return self._now

    def _close_for(self, wish: Wish) -> Moment | None:
        """Obey a cut that came by file; ``None`` when the gate is closed already and may stay as it is.

        One that still lets out the rest keeps its state and its slate, and drops the rest.
        """
        now = self._now
        if now.state is GateState.OPEN or (wish.even_if_closed and wish.state in TABLE[now.state]):
            return self._close(wish.state, wish.slate, drop=True)
        if now.held_until_ms > self._clock.wall() * 1000:
            return self._close(now.state, now.slate, drop=True)
        return None

    async def _open(self, before: Moment, slate: SlateText, reason: str, by: str) -> None:
        async with self._disk:
            self._refuse_if_overtaken(before)
            with self._changing:
                self._numbered += 1
                number = self._numbered
            now = round(self._clock.wall() * 1000)
            opening = Moment(
                number, GateState.OPEN, slate, now, before.closed_slate, before.delay, before.drops
            )
            try:
                await asyncio.to_thread(self._journal.append, entry_of(opening, reason, by))
            except OSError as error:
                log.error("gate_journal_failed", error=str(error))
                raise Refused(
                    "journal_failed", f"The gate stays closed: its journal cannot be written ({error})."
                ) from error
            with self._changing:
                self._refuse_if_overtaken(before)
                self._opened_at = self._clock.monotonic()
                self._now, self._opened = opening, True

    async def _write(self, moment: Moment, reason: str, by: str) -> None:
        async with self._disk:
            await self._write_locked(moment, reason, by)

    async def _write_locked(self, moment: Moment, reason: str, by: str) -> None:
        try:
            await asyncio.to_thread(self._journal.append, entry_of(moment, reason, by))
        except OSError as error:
            log.error("gate_cut_not_journalled", error=str(error))
            await asyncio.to_thread(self._distrust)

    def _refuse_if_overtaken(self, before: Moment) -> None:
        if self._now.change != before.change or self._wishes.waiting:
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
            self._journal.append(entry_of(self._now, reason, "studio"))
        except OSError as error:
            log.error("gate_journal_failed", error=str(error))

    def _begin_with(self, moment: Moment, wish: Wish) -> None:
        """At the start: journal what a file asked for. If that fails: closed, and the file stays."""
        try:
            self._journal.append(entry_of(moment, wish.reason, wish.by))
            self._wishes.done()
        except OSError as error:
            log.error("gate_wish_not_journalled", error=str(error))
