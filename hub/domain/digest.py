"""What a daily e-mail about meetings has in it: those that are new, and what has changed.

Pure: no I/O, no clock. What somebody was told last is kept as four marks of each meeting: when, where, its
status, its agenda.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from hub.domain.local_time import LONDON

Known = dict[str, list[str]]
"""Ref of a meeting → its marks."""
SENT_AT = time(7)
"""In the morning, by the clocks of the council."""


class Change(StrEnum):
    NEW = "new"
    WHEN = "when"
    WHERE = "where"
    STATUS = "status"
    AGENDA = "agenda"


@dataclass(frozen=True, slots=True)
class Facts:
    """A meeting to come, as far as a digest looks at it. Titles are those that are published."""

    ref: str
    committee_id: int
    starts_at: datetime
    location: str
    status: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting in a digest, and why."""

    ref: str
    changes: tuple[Change, ...]


def is_about(titles: Iterable[str], topic: str) -> bool:
    """Whether one title has all words of the topic, as beginnings of its own. Without a topic: always."""
    words = _plain(topic).split()
    return not words or any(_has(_plain(title).split(), words) for title in titles)


def is_wanted(facts: Facts, committee_id: int | None, topic: str) -> bool:
    """Whether somebody who follows this committee and topic is told of a meeting."""
    return committee_id in (None, facts.committee_id) and is_about(facts.titles, topic)


def compare(known: Mapping[str, Sequence[str]], wanted: Iterable[Facts]) -> tuple[list[Line], Known]:
    """What there is to tell, in the order of the meetings, and what is known after it.

    A meeting that is not wanted any more, or over, is forgotten without a word.
    """
    lines: list[Line] = []
    after: Known = {}
    for facts in sorted(wanted, key=lambda one: (one.starts_at, one.ref)):
        marks = _marks(facts)
        after[facts.ref] = marks
        before = known.get(facts.ref)
        if before is None:
            lines.append(Line(facts.ref, (Change.NEW,)))
        elif changes := _changed(before, marks):
            lines.append(Line(facts.ref, changes))
    return lines, after


def together(lists: Iterable[Sequence[Line]]) -> list[Line]:
    """The lines of several wishes of one person: each meeting once."""
    found: dict[str, Line] = {}
    for line in (line for lines in lists for line in lines):
        other = found.get(line.ref)
        changes = (*line.changes, *other.changes) if other else line.changes
        found[line.ref] = Line(line.ref, tuple(dict.fromkeys(changes)))
    return list(found.values())


def last_round(now: datetime) -> datetime:
    """The moment at which digests were last due."""
    here = now.astimezone(LONDON)
    due = datetime.combine(here.date(), SENT_AT, LONDON)
    return due if due <= here else datetime.combine(here.date() - timedelta(days=1), SENT_AT, LONDON)


def _changed(before: Sequence[str], after: Sequence[str]) -> tuple[Change, ...]:
    kinds = (Change.WHEN, Change.WHERE, Change.STATUS, Change.AGENDA)
    return tuple(kind for kind, old, new in zip(kinds, before, after, strict=True) if old != new)


def _marks(facts: Facts) -> list[str]:
    agenda = "\n".join(facts.titles)
    return [f"{facts.starts_at.timestamp():.0f}", *map(_mark, (facts.location, facts.status, agenda))]


def _mark(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()[:8]


def _has(title: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(one.startswith(word) for one in title) for word in words)


def _plain(text: str) -> str:
    """Small letters without accents, and nothing between words but spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in bare)
