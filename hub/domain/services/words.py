"""The council's list of words that flag a question for the moderator."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.errors import Conflict, Invalid
from hub.domain.flags import DEFAULT_WORDS, WORD_CHARACTERS, WORDS_AT_MOST, word_list
from hub.domain.models import AuditEntry, WordList
from hub.domain.people import Staff


@dataclass(frozen=True, slots=True)
class Words:
    """The list, and who wrote it."""

    words: list[str]
    number: int
    """Of this edition; 0 for the list that comes with the program."""
    by: str = ""
    at: datetime | None = None


async def current_words(session: AsyncSession) -> Words:
    """The newest edition."""
    newest = select(WordList).order_by(col(WordList.id).desc()).limit(1)
    row = (await session.exec(newest)).first()
    if row is None:
        return Words(list(DEFAULT_WORDS), 0)
    return Words(row.words, row.id or 0, row.by, row.at)


async def words_now(desk: Desk) -> Words:
    """The same, for a page."""
    async with desk.store.read() as session:
        return await current_words(session)


async def write_words(desk: Desk, officer: Staff, text: str, *, seen: int) -> None:
    """A new edition. Raises ``Invalid``; ``Conflict`` when somebody wrote one since this officer looked."""
    words = word_list(text)
    if len(words) > WORDS_AT_MOST:
        raise Invalid(f"A list can have {WORDS_AT_MOST} words: this one has {len(words)}.", field="words")
    for word in words:
        if len(word) > WORD_CHARACTERS:
            raise Invalid(f"“{word[:WORD_CHARACTERS]}…” is too long for a word.", field="words")
    async with desk.store.write() as session:
        before = await current_words(session)
        if before.number != seen:
            raise Conflict(f"{before.by} changed the list a moment ago. Look at it and change it again.")
        now = desk.clock.now()
        session.add(WordList(words=words, by=officer.name, at=now))
        gone, new = sorted({*before.words} - {*words}), sorted({*words} - {*before.words})
        session.add(
            AuditEntry(
                at=now, who=officer.name, action="words.write", before=", ".join(gone), after=", ".join(new)
            )
        )
