"""Which rendition fits a viewer's line, judged by what the viewer reports. Pure: time comes with reports.

A report says what share of the packets was lost and how far the viewer is behind what was sent to them. Loss
that resends repair is no reason to go down: a wireless line loses a few percent for ever. A line that is too
narrow loses much, or a queue grows before it.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Renditions, the smallest first."""

    SOUND = 0
    SMALL = 1
    FULL = 2


class Verdict(StrEnum):
    """What one report says of the line."""

    GOOD = "good"
    """There may be room for more."""
    FAIR = "fair"
    """What is sent fits, more may not."""
    BAD = "bad"
    """It may not fit."""
    AWFUL = "awful"
    """It does not fit."""


class Step(StrEnum):
    """What happens to a level."""

    DOWN = "down"
    UP = "up"


TRANSITIONS: dict[tuple[Level, Step], Level] = {
    (Level.FULL, Step.DOWN): Level.SMALL,
    (Level.SMALL, Step.DOWN): Level.SOUND,
    (Level.SOUND, Step.UP): Level.SMALL,
    (Level.SMALL, Step.UP): Level.FULL,
}


class IllegalTransition(Exception):  # noqa: N818  names what was asked
    """There is no such step from this level."""

    def __init__(self, level: Level, step: Step) -> None:
        super().__init__(f"{level.name} {step.value}")


def step(level: Level, taken: Step) -> Level:
    """The level after a step. Raises ``IllegalTransition``."""
    try:
        return TRANSITIONS[level, taken]
    except KeyError:
        raise IllegalTransition(level, taken) from None


@dataclass(frozen=True, slots=True)
class Report:
    """What a viewer told of the time since their last report."""

    lost: float
    """Share of the packets."""
    behind: float
    """Seconds from the newest packet sent to the newest received."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The table that a report is judged by, and the patience between steps."""

    lost_awful: float = 0.25
    lost_bad: float = 0.10
    lost_good: float = 0.03
    """The share of packets lost."""
    behind_awful: float = 0.5
    behind_bad: float = 0.25
    behind_good: float = 0.1
    """Seconds behind, beyond what is usual on this line."""
    bad_reports: int = 2
    """So many bad ones in a row are as awful as one that is. The last pictures are given up only after so
    many awful ones: a picture that stumbles says more than none."""
    first_seconds: float = 1.0
    """What a newcomer reports earlier speaks of their catching up."""
    settle_seconds: float = 3.0
    """After a step: it is made with the next key picture, and reports speak of what was before."""
    first_wait: float = 10.0
    blind_wait: float = 4.0
    """Good seconds before a step up; before the one from sound alone, where there is no picture to lose."""
    longest_wait: float = 160.0
    """Both are doubled by each step up that had to be taken back, as far as this."""
    trial_seconds: float = 15.0
    """A step up that lasts so long has proved itself."""
    floor_seconds: float = 60.0
    """The usual distance is the smallest of the last so many seconds."""
    floor_most: float = 0.3
    """No line is usually further away: a first report may come from a queue that has grown already."""


class Fit:
    """One viewer's level. ``ceiling``: nothing above it is wanted."""

    def __init__(self, now: float, ceiling: Level = Level.FULL, limits: Limits | None = None) -> None:
        self.level = ceiling
        self.ceiling = ceiling
        self._limits = limits or Limits()
        self._settled = now + self._limits.first_seconds
        self._went_up: float | None = None
        self._good_since: float | None = None
        self._doubt = 1
        """By how much longer than at first a step up is waited for."""
        self._bad = 0
        self._floor = Floor(self._limits.floor_seconds)
        self._before = 0.0
        self._verdict = Verdict.FAIR

    @property
    def strained(self) -> bool:
        """Whether the line had too much to carry when it was last judged: no time to send things again."""
        return self._verdict in (Verdict.BAD, Verdict.AWFUL)

    def queued(self, behind: float) -> bool:
        """Whether a viewer so many seconds behind is further away than usual on this line."""
        return late(behind, self._floor.value, self._limits) >= self._limits.behind_bad

    def choose(self, ceiling: Level, now: float) -> None:
        """The viewer wants this and no more: it is tried at once, the line may tell that it is too much."""
        self.ceiling = ceiling
        self._doubt = 1
        self._went_up = None
        self._move(ceiling, now)

    def report(self, report: Report, now: float) -> Level:
        """Take a report; the level from now on."""
        growing = report.behind > self._before
        self._before = report.behind
        self._floor.take(report.behind, now)
        if now < self._settled:
            return self.level
        self._verdict = verdict = judge(report, self._floor.value, self._limits, growing=growing)
        self._prove(now)
        if self.strained:
            self._good_since = None
            self._bad += self.level is Level.FULL or verdict is Verdict.AWFUL
            at_once = self.level is Level.FULL and verdict is Verdict.AWFUL
            if at_once or self._bad >= self._limits.bad_reports:
                self._go_down(now)
            return self.level
        self._bad = 0
        if verdict is Verdict.FAIR:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = now
        elif now - self._good_since >= self._wait and self.level < self.ceiling:
            self._went_up = now
            self._move(step(self.level, Step.UP), now)
        return self.level

    @property
    def _wait(self) -> float:
        """Good seconds before a step up."""
        first = self._limits.blind_wait if self.level is Level.SOUND else self._limits.first_wait
        return min(first * self._doubt, self._limits.longest_wait)

    def _go_down(self, now: float) -> None:
        if self._went_up is not None:
            self._doubt *= 2
            self._went_up = None
        if (self.level, Step.DOWN) in TRANSITIONS:
            self._move(step(self.level, Step.DOWN), now)

    def _prove(self, now: float) -> None:
        if self._went_up is not None and now - self._went_up >= self._limits.trial_seconds:
            self._went_up = None
            self._doubt = 1

    def _move(self, level: Level, now: float) -> None:
        self.level = level
        self._settled = now + self._limits.settle_seconds
        self._good_since = None
        self._bad = 0


class Floor:
    """The smallest value of late. Two halves of the time, so that nothing has to be kept."""

    def __init__(self, seconds: float) -> None:
        self._half = seconds / 2
        self._turned: float | None = None
        self._last = self._this = float("inf")

    @property
    def value(self) -> float:
        """Infinite before the first value."""
        return min(self._last, self._this)

    def take(self, value: float, now: float) -> None:
        """One more value."""
        if self._turned is None:
            self._turned = now
        if now - self._turned >= self._half:
            self._turned = now
            self._last, self._this = self._this, float("inf")
        self._this = min(self._this, value)


def late(behind: float, floor: float, limits: Limits) -> float:
    """Seconds behind what is usual."""
    return behind - min(floor, limits.floor_most)


def judge(report: Report, floor: float, limits: Limits, *, growing: bool) -> Verdict:
    """What one report says. A queue that is long but shrinks is only being emptied."""
    waited = late(report.behind, floor, limits)
    if report.lost >= limits.lost_awful or (growing and waited >= limits.behind_awful):
        return Verdict.AWFUL
    if report.lost >= limits.lost_bad or (growing and waited >= limits.behind_bad):
        return Verdict.BAD
    if report.lost > limits.lost_good or waited > limits.behind_good:
        return Verdict.FAIR
    return Verdict.GOOD
