"""E-mail addresses that people confirm: asking, confirming, a browser that has proved one, and forgetting.

What is done in an address's name waits for a ``Confirmation``: its owner opens the link in an e-mail and
presses. That browser then holds a proof and need not be asked again. The one in which the form was sent holds
none: whoever typed the address there may be somebody else.
"""

import hmac
from datetime import datetime, timedelta

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.contact import EMAIL
from hub.domain.desk import Desk
from hub.domain.errors import Invalid, NotFound, TooMany
from hub.domain.hashes import hashed
from hub.domain.models import Address, AddressMail, AddressMailKind, Confirmation, key
from hub.domain.services.delivery import MOST_WAITING
from hub.domain.states.mail import MailState
from hub.domain.text import is_plain, required

UNCONFIRMED_KEPT = timedelta(days=2)
"""What nobody has confirmed by then is deleted, the address with it."""
CONFIRMATIONS_A_DAY = 5
"""To one address: whoever types a stranger's into forms cannot fill their mailbox."""
EMAIL_CHARACTERS = 254


def checked_email(text: str) -> str:
    """An address that can be written to. Raises ``Invalid`` in words for the form."""
    email = required(text, "email", "your e-mail address", at_most=EMAIL_CHARACTERS)
    if not EMAIL.fullmatch(email):
        raise Invalid("Enter an e-mail address such as name@example.org.", field="email")
    return email


async def address_of(desk: Desk, session: AsyncSession, email: str, language: str) -> Address:
    """The row of an address, made when it is new. Letters to it are in the language that was used last."""
    known = select(Address).where(Address.folded == email.casefold())
    address = (await session.exec(known)).first()
    if address is None:
        address = Address(
            email=email,
            folded=email.casefold(),
            language=language,
            nonce=desk.tokens.new(),
            added_at=desk.clock.now(),
        )
        session.add(address)
        await session.flush()
    address.language = language
    return address


async def ask(desk: Desk, session: AsyncSession, address: Address) -> Confirmation:
    """Have the owner asked, in the caller's unit of work. Raises ``TooMany``."""
    now = desk.clock.now()
    asked = select(func.count()).where(
        Confirmation.address_id == address.id, col(Confirmation.asked_at) > now - timedelta(days=1)
    )
    waiting = select(func.count()).where(col(AddressMail.state) == MailState.WAITING)
    if (await session.exec(asked)).one() >= CONFIRMATIONS_A_DAY:
        raise TooMany("This address was asked often enough today. Try again tomorrow.", field="email")
    if (await session.exec(waiting)).one() >= MOST_WAITING:
        raise TooMany("Too many e-mails wait to be sent. Try again in an hour.", field="email", seconds=3600)
    confirmation = Confirmation(address_id=key(address), token_hash="", link_nonce="", asked_at=now)
    desk.links.renew(confirmation, desk.tokens)
    session.add(confirmation)
    await session.flush()
    session.add(
        AddressMail(
            address_id=key(address),
            kind=AddressMailKind.CONFIRM,
            about=f"confirmation {confirmation.id}",
            subject_id=key(confirmation),
            queued_at=now,
            next_at=now,
        )
    )
    return confirmation


async def by_link(session: AsyncSession, token: str) -> tuple[Confirmation, Address]:
    """What a link is about, confirmed or not. Raises ``NotFound``."""
    known = select(Confirmation, Address).where(
        Confirmation.token_hash == hashed(token), Confirmation.address_id == Address.id
    )
    found = (await session.exec(known)).first()
    if found is None:
        raise NotFound("This link is not known. What it was for may have been deleted.")
    return found


def mark(confirmation: Confirmation, address: Address, now: datetime) -> bool:
    """Take down that the owner said yes. False: they had said so before."""
    if confirmation.confirmed_at is not None:
        return False
    confirmation.confirmed_at = now
    address.confirmed_at = address.confirmed_at or now
    return True


def proof(desk: Desk, address: Address) -> str:
    """What a browser keeps that has proved the address. It names nobody; the database does not hold it."""
    return signed(desk, "proof", address)


async def proven(desk: Desk, session: AsyncSession, shown: str) -> Address | None:
    """The address of which a browser shows the proof, if it is one."""
    return await signed_for(desk, session, "proof", shown)


def signed(desk: Desk, purpose: str, address: Address) -> str:
    """Something that only this house can make for an address, good for one purpose."""
    return f"{address.nonce}.{_signature(desk, purpose, address.nonce)}"


async def signed_for(desk: Desk, session: AsyncSession, purpose: str, shown: str) -> Address | None:
    """The confirmed address for which it was made."""
    nonce, _, signature = shown.partition(".")
    good = _signature(desk, purpose, nonce)
    if not is_plain(shown) or not hmac.compare_digest(signature.encode(), good.encode()):
        return None
    known = select(Address).where(Address.nonce == nonce, col(Address.confirmed_at).is_not(None))
    return (await session.exec(known)).first()


def _signature(desk: Desk, purpose: str, nonce: str) -> str:
    # Another use of the key than that of links: no link is a proof, and no proof a link.
    return desk.links.token(f"{purpose} of an address {nonce}")


async def is_proven(desk: Desk, shown: str) -> bool:
    """Whether a browser may write without confirming again."""
    if not shown:
        return False
    async with desk.store.read() as session:
        return await proven(desk, session, shown) is not None
