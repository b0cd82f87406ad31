"""What a viewer went through, from samples of a browser's statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FLUENT = 20
"""Pictures a second that count as fluent, of 25."""
FLUENT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the statistics."""

    at: float
    decoded: int
    width: int
    freezes: int
    frozen: float


@dataclass(frozen=True, slots=True)
class Story:
    """From the moment the line turned bad to the end."""

    freezes: int
    frozen: float
    """Seconds, by the browser's own count."""
    pictures: float
    """A second, while the line was bad."""
    switches: int
    down_after: float | None
    """Seconds from bad to the first smaller picture."""
    fluent_after: float | None
    """Seconds from good again to fluent pictures; ``None``: not within the time of the bench."""
    full_after: float | None
    """Seconds from good again to pictures of full width."""


def tell(samples: Sequence[Sample], bad: float, good: float) -> Story:
    """The story of samples in order. ``bad``, ``good``: when the line turned."""
    during = [sample for sample in samples if bad <= sample.at]
    full = samples[0].width
    widths = [sample for sample in during if sample.width]
    changes = [after for before, after in pairwise(widths) if after.width != before.width]
    smaller = next((sample.at - bad for sample in widths if sample.width < full), None)
    return Story(
        freezes=during[-1].freezes - during[0].freezes,
        frozen=during[-1].frozen - during[0].frozen,
        pictures=_rate([sample for sample in during if sample.at <= good]),
        switches=len(changes),
        down_after=smaller,
        fluent_after=_fluent_after(during, good),
        full_after=next(
            (
                max(0.0, one.at - good)
                for one in during
                if one.at >= good and one.width == full and _rate(_since(during, one.at)) >= FLUENT
            ),
            None,
        ),
    )


def _fluent_after(samples: Sequence[Sample], good: float) -> float | None:
    for sample in samples:
        if sample.at >= good and _rate(_since(samples, sample.at)) >= FLUENT:
            return sample.at - good
    return None


def _since(samples: Sequence[Sample], at: float) -> Sequence[Sample]:
    found = [sample for sample in samples if at <= sample.at <= at + FLUENT_SECONDS]
    return found if found and found[-1].at - at > FLUENT_SECONDS / 2 else []


def _rate(samples: Sequence[Sample]) -> float:
    if len(samples) < 2:
        return 0.0
    return (samples[-1].decoded - samples[0].decoded) / (samples[-1].at - samples[0].at)
