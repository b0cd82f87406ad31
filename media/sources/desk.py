"""The desk every feed and every speaker reports to: one intake for each source, the newest wins."""

import math
import threading
from collections.abc import Callable

from media.clock import Clock
from media.control.command import Refused
from media.control.feeds import FeedRefused, FeedStatus
from media.rhythm import DEFAULT, Rhythm
from media.sources.intake import TRANSIT_SECONDS, FeedKind, Intake

CHAMBER = "chamber"
MOST_SOURCES = 16
LONGEST_NAME = 100
PUBLISHERS: frozenset[FeedKind] = frozenset({"whip", "rtmp", "srt"})
BYTE_STREAMS: frozenset[FeedKind] = frozenset({"rtmp", "srt"})
"""What they bring first was on its way before they arrived here."""
WAITED_SECONDS = 30.0
"""So long, at most, a stream waits for a studio that takes it over, or for a decoder that got stuck."""
INVITED: frozenset[FeedKind] = frozenset({"interpreter", "signer", "presenter"})
_TAKEN = "An encoder or an officer's screen is this source at the moment. Stop it first."


class FeedDesk:
    """Thread-safe. A source that has left stays on the list, as gone, until it is replaced or forgotten."""

    def __init__(
        self, clock: Clock, on_refused: Callable[[FeedRefused], None], rhythm: Rhythm = DEFAULT
    ) -> None:
        self._clock = clock
        self._rhythm = rhythm
        self._on_refused = on_refused
        self._lock = threading.Lock()
        self._intakes: dict[str, Intake] = {}
        self._evictions: dict[Intake, Callable[[], None]] = {}
        self._stand_ins: dict[str, Intake] = {}
        self._opened_at = -math.inf

    def opened(self, ago: float = 0.0) -> None:
        """The public are there again: nobody is to hand in what was captured before.

        ``ago``: seconds since then; a studio that takes over was not there itself.
        """
        with self._lock:
            self._opened_at = self._clock.monotonic() - ago
        for intake in self.intakes():
            intake.flush()

    def arrive(
        self,
        source: str,
        kind: FeedKind,
        label: str,
        evicted: Callable[[], None] | None = None,
        *,
        backlog: bool = False,
    ) -> Intake:
        """Begin a feed. A feed of the same source is replaced: it is told ``gone`` and ``evicted`` is called.

        ``backlog``: what waited for a studio or a decoder may come first.

        Raises ``Refused``: ``bad_source`` for an impossible name, ``full`` past ``MOST_SOURCES``, ``taken``
        to somebody invited while an encoder is that source: both come again by themselves, and would replace
        each other for ever.
        """
        if not source or len(source) > LONGEST_NAME:
            raise Refused("bad_source", f"A source's name has 1 to {LONGEST_NAME} characters.")
        intake = Intake(source, kind, label, self._clock, self._rhythm)
        now = self._clock.monotonic()
        with self._lock:
            previous = self._intakes.get(source)
            if previous is None:
                self._make_room()
            elif kind in INVITED and previous.kind in PUBLISHERS and previous.present(now):
                raise Refused("taken", _TAKEN)
            if kind in BYTE_STREAMS and self._may_be_of_before(
                kind, now - WAITED_SECONDS if backlog else now
            ):
                intake.flush()
            self._intakes[source] = intake
            if evicted is not None:
                self._evictions[intake] = evicted
        if previous is not None:
            self._end(previous, "Replaced by a newer connection of the same source.")
        return intake

    def leave(self, intake: Intake, sentence: str = "The feed ended.") -> None:
        """End a feed; ``sentence`` says why. A feed that was already replaced stays replaced."""
        intake.gone(sentence)
        with self._lock:
            self._evictions.pop(intake, None)

    def refuse(self, source: str, protocol: str, sentence: str, intake: Intake | None = None) -> None:
        """Turn a publisher away, or cut it off, and tell the hub why."""
        if intake is not None:
            intake.refused(sentence)
            with self._lock:
                self._evictions.pop(intake, None)
        self._on_refused(FeedRefused(source=source, protocol=protocol, sentence=sentence))

    def forget(self, source: str) -> None:
        """Take a source off the list."""
        with self._lock:
            intake = self._intakes.pop(source, None)
        if intake is not None:
            self._end(intake, "Hung up.")

    def stand_in(self, intake: Intake) -> None:
        """Name the intake to show for a source while nothing else of that source is there."""
        with self._lock:
            self._stand_ins[intake.name] = intake

    def find(self, source: str) -> Intake | None:
        """The intake to show and hear for a source: its own, or else its stand-in."""
        with self._lock:
            intake = self._intakes.get(source)
            stand_in = self._stand_ins.get(source)
        if intake is not None and not intake.finished:
            return intake
        return stand_in if stand_in is not None else intake

    def shown(self) -> list[Intake]:
        """For each source the intake that ``find`` gives: its own, or else its stand-in."""
        with self._lock:
            names = sorted({*self._intakes, *self._stand_ins})
        found = (self.find(name) for name in names)
        return [intake for intake in found if intake is not None]

    def intakes(self) -> list[Intake]:
        """Every intake, stand-ins included."""
        with self._lock:
            return [*self._intakes.values(), *self._stand_ins.values()]

    def statuses(self) -> list[FeedStatus]:
        """What the console shows: one line for each source, its stand-in where that is what is shown."""
        for intake in self.intakes():
            intake.let_go()
        return [intake.status() for intake in self.shown()]

    def _may_be_of_before(self, kind: FeedKind, came: float) -> bool:
        """Whether what came at that time may have been captured before the last opening."""
        return self._opened_at >= came - TRANSIT_SECONDS[kind]

    def _make_room(self) -> None:
        if len(self._intakes) < MOST_SOURCES:
            return
        for name, intake in self._intakes.items():
            if intake.finished:
                del self._intakes[name]
                return
        raise Refused("full", f"The studio takes {MOST_SOURCES} sources at once.")

    def _end(self, intake: Intake, sentence: str) -> None:
        intake.gone(sentence)
        intake.let_go(at_once=True)
        with self._lock:
            evicted = self._evictions.pop(intake, None)
        if evicted is not None:
            evicted()
