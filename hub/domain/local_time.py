"""Council time: clocks on the wall of the council chamber are in Europe/London."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.domain.errors import Invalid

LONDON = ZoneInfo("Europe/London")


def next_clock_time(text: str | None, now: datetime, field: str) -> datetime | None:
    """The next moment at which the chamber clock shows ``HH:MM``. Raises ``Invalid``."""
    if text is None or not text.strip():
        return None
    try:
        wanted = time.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("Give the time as hours and minutes, such as 19:40.", field=field) from None
    today = now.astimezone(LONDON)
    moment = today.replace(hour=wanted.hour, minute=wanted.minute, second=0, microsecond=0)
    return moment if moment >= today - timedelta(minutes=1) else moment + timedelta(days=1)


def moment_in_words(text: str, field: str) -> datetime:
    """The moment at which the clocks show ``2026-11-25T17:00``. Raises ``Invalid``."""
    try:
        wanted = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("Give day and time, such as 2026-11-25T17:00.", field=field) from None
    return wanted.replace(tzinfo=LONDON) if wanted.tzinfo is None else wanted


def clock_time(moment: datetime) -> str:
    """``19:40``, as the chamber clock shows it."""
    return f"{moment.astimezone(LONDON):%H:%M}"
