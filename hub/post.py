"""The post room: takes letters out of the outbox, has them written and sent, and notes what came of it."""

import asyncio
from collections.abc import Callable
from email.message import EmailMessage

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hub.domain.desk import Desk
from hub.domain.letters import AddressLetter, Letter
from hub.domain.ports import MailDelayed, Mailer, MailRefused
from hub.domain.services import address_post, notices, outbox, traces
from hub.domain.services.delivery import Outcome
from hub.domain.services.forgetting import tidy
from hub.domain.states.mail import MailEvent

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
AT_ONCE = 20
"""Letters of each outbox in one look; those behind them are looked for again."""
REMIND_EVERY = 60.0
"""Seconds; what is past its time is deleted as often."""


class PostRoom:
    """One letter after the other: a mail server that is slow gets no more than it takes."""

    def __init__(
        self, desk: Desk, mailer: Mailer, write: Callable[[Letter | AddressLetter], EmailMessage]
    ) -> None:
        self._desk = desk
        self._mailer = mailer
        self._write = write
        self._reminded = float("-inf")

    async def follow(self) -> None:
        """For ever. A database that is away is asked again."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, OSError) as error:
                log.warning("outbox_not_emptied", error=str(error))
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> int:
        """Try every letter that is due. How many."""
        now = asyncio.get_running_loop().time()
        if now - self._reminded >= REMIND_EVERY:
            await outbox.remind(self._desk)
            await tidy(self._desk)
            await traces.sweep(self._desk)
            await notices.write_digests(self._desk)
            self._reminded = now
        await notices.tell(self._desk)
        return await self._to_residents() + await self._to_addresses()

    async def _to_residents(self) -> int:
        numbers = await outbox.due(self._desk, AT_ONCE)
        for number in numbers:
            letter = await outbox.letter(self._desk, number)
            if letter is not None:
                await outbox.settle(self._desk, letter, await self._try(letter))
        return len(numbers)

    async def _to_addresses(self) -> int:
        numbers = await address_post.due(self._desk, AT_ONCE)
        for number in numbers:
            letter = await address_post.letter(self._desk, number)
            if letter is not None:
                await address_post.settle(self._desk, letter, await self._try(letter))
        return len(numbers)

    async def _try(self, letter: Letter | AddressLetter) -> Outcome:
        try:
            await self._mailer.send(self._write(letter))
        except MailRefused as error:
            log.warning("mail_refused", letter=letter.number, kind=letter.kind, error=str(error))
            return Outcome(MailEvent.GIVE_UP, str(error))
        except MailDelayed as error:
            log.warning("mail_delayed", letter=letter.number, kind=letter.kind, error=str(error))
            return Outcome(MailEvent.DELAY, str(error))
        except Exception:
            # One letter that cannot be written must not hold up the others.
            log.exception("mail_failed", letter=letter.number, kind=letter.kind)
            return Outcome(MailEvent.DELAY, "Something went wrong here and was noted in the log.")
        log.info("mail_sent", letter=letter.number, kind=letter.kind)
        return Outcome(MailEvent.SEND)
