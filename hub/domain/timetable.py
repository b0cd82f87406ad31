"""When items of business are expected to begin, from how long officers expect each to take."""

from collections.abc import Sequence

MINUTES_AT_MOST = 600


def expected_starts(business: Sequence[tuple[int, int | None]], from_ms: int) -> dict[int, int]:
    """Item → Unix milliseconds, when the first begins at ``from_ms`` and each takes its minutes.

    It ends behind the first item of which nothing is expected: nobody could tell when the next one comes.
    """
    starts: dict[int, int] = {}
    for item, minutes in business:
        starts[item] = from_ms
        if minutes is None:
            break
        from_ms += minutes * 60_000
    return starts
