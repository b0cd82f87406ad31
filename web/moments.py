"""How addresses name a moment: ``?t=``."""

import re

_TIME = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,6})s?)?")


def parse_time(text: str) -> float | None:
    """Seconds of ``1h2m3s``, ``2m``, ``90`` or ``90.5``; None for anything else."""
    try:
        seconds = float(text)
    except ValueError:
        match = _TIME.fullmatch(text)
        if match is None or not text:
            return None
        hours, minutes, rest = (int(part or 0) for part in match.groups())
        return float(hours * 3600 + minutes * 60 + rest)
    return seconds if 0 <= seconds < 1e6 else None
