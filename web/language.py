"""The language of a page: English at ``/``, others under their own prefix (``/cy/``)."""

import re
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from web.sentences import SENTENCES

LONDON = ZoneInfo("Europe/London")
TRANSLATIONS = Path(__file__).parent / "translations"
SOURCE = "en"

LANGUAGES: tuple[str, ...] = (SOURCE, "cy")
"""Languages on offer. One that is not ``SOURCE`` gets its prefix on every page."""
NAMES = {"en": "English", "cy": "Cymraeg"}
"""Each in itself."""
PLURALS = {"cy": ("zero", "one", "two", "few", "many", "other")}
"""The names that CLDR gives the forms of a catalogue, in their order."""

current: ContextVar[str] = ContextVar("language", default=SOURCE)


def _catalogue(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


@cache
def translations(language: str) -> Translations:
    """The catalogue of ``language``, as the build compiled it, or else straight from its text."""
    source = _catalogue(language)
    built = source.with_suffix(".mo")
    if built.is_file() and (not source.is_file() or built.stat().st_mtime >= source.stat().st_mtime):
        with built.open("rb") as compiled:
            return Translations(compiled)
    fresh = BytesIO()
    write_mo(fresh, _read(language))
    fresh.seek(0)
    return Translations(fresh)


@cache
def _read(language: str) -> Catalog:
    with _catalogue(language).open("rb") as source:
        return read_po(source, locale=language)


def gettext(text: str) -> str:
    """``text`` in the language of this request."""
    return str(translations(current.get()).ugettext(text))


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a phrase for ``number`` in the language of this request."""
    return str(translations(current.get()).ungettext(one, many, number))


def island_strings() -> dict[str, str]:
    """English text → text, for the scripts. Empty in English, which they carry themselves."""
    language = current.get()
    return {} if language == SOURCE else _strings(language)


@cache
def _strings(language: str) -> dict[str, str]:
    strings: dict[str, str] = {}
    for message in _read(language):
        if isinstance(message.id, str):
            strings |= {message.id: str(message.string)} if message.id and message.string else {}
            continue
        one, many = message.id
        forms = dict(zip(PLURALS[language], map(str, message.string or ()), strict=True))
        strings |= {one: forms["one"], many: forms["other"]}
        strings |= {f"{many}|{category}": form for category, form in forms.items()}
    return strings


def said(sentence: str) -> str:
    """A sentence of the domain in the language of this request; as it is when nobody translated it."""
    return _said(sentence) or sentence


def is_said(sentence: str) -> bool:
    """Whether it is in the language of this request."""
    return current.get() == SOURCE or _said(sentence) is not None


def _said(sentence: str) -> str | None:
    if current.get() == SOURCE:
        return None
    for text, pattern in _patterns():
        if (match := pattern.fullmatch(sentence)) is not None:
            return gettext(text) % {name: _local(name, value) for name, value in match.groupdict().items()}
    return None


def _local(name: str, value: str) -> str:
    if name != "day":
        return value
    return format_date(datetime.strptime(value, "%d %B %Y"), "d MMMM y", locale=current.get())  # noqa: DTZ007


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The longest first: one sentence may begin like another."""
    return [
        (text, re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+?)", re.escape(text))))
        for text in sorted(SENTENCES, key=len, reverse=True)
    ]


def sentences() -> list[str]:
    """What ``said`` knows, for the scripts; nothing in English."""
    return [] if current.get() == SOURCE else list(SENTENCES)


def prefix(language: str = "") -> str:
    """What stands before every page's path in a language, or in that of this request."""
    language = language or current.get()
    return "" if language == SOURCE else f"/{language}"


def without_prefix(path: str) -> str:
    """A page's path without the language that it begins with."""
    first, rest = path.lstrip("/").partition("/")[::2]
    return f"/{rest}" if first in LANGUAGES and first != SOURCE else path


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
