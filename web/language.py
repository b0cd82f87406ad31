"""The language of a page: English at ``/``, others under their own prefix (``/cy/``)."""

from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LONDON = ZoneInfo("Europe/London")
TRANSLATIONS = Path(__file__).parent / "translations"
SOURCE = "en"

LANGUAGES: tuple[str, ...] = (SOURCE,)
"""Languages on offer. One that is not ``SOURCE`` gets its prefix on every page."""

current: ContextVar[str] = ContextVar("language", default=SOURCE)


@cache
def translations(language: str) -> Translations:
    """The catalogue of ``language``, compiled from its ``.po`` file."""
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str) -> str:
    """``text`` in the language of this request."""
    return str(translations(current.get()).ugettext(text))


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a phrase for ``number`` in the language of this request."""
    return str(translations(current.get()).ungettext(one, many, number))


def island_strings() -> dict[str, str]:
    """English text → text, for the scripts. Empty in English, which they carry themselves."""
    language = current.get()
    if language == SOURCE:
        return {}
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    return {
        message.id: str(message.string)
        for message in catalogue
        if isinstance(message.id, str) and message.string
    }


def prefix() -> str:
    """What stands before every page's path in the language of this request."""
    language = current.get()
    return "" if language == SOURCE else f"/{language}"


def in_london(moment: datetime, zone: tzinfo = LONDON) -> datetime:
    """``moment`` as the clock on the wall of the council shows it."""
    return moment.astimezone(zone)


def moment_of(milliseconds: int) -> datetime:
    """Unix milliseconds as an aware moment."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=LONDON)


def day_in_words(moment: datetime | date) -> str:
    """Thursday 26 November 2026."""
    day = in_london(moment).date() if isinstance(moment, datetime) else moment
    return format_date(day, "EEEE d MMMM y", locale=current.get())


def time_of_day(moment: datetime) -> str:
    """6:30pm, midday, midnight (GOV.UK style); 18:30 elsewhere: Babel writes Welsh times in capitals."""
    local = in_london(moment)
    if current.get() != SOURCE:
        return f"{local:%H:%M}"
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def clock_position(seconds: float) -> str:
    """A playback position as people write it: 4:07, 1:02:03."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"
