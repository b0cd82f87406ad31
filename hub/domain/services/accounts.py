"""Officers' accounts: one-time links in, sessions, and out. Tokens are stored as hashes only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.domain.desk import Desk
from hub.domain.errors import Conflict, NotFound, SignInNeeded
from hub.domain.hashes import hashed
from hub.domain.models import AuditEntry, SignInLink, StaffSession, StaffUser, key
from hub.domain.people import Role, Staff
from hub.domain.text import required

LINK_LIFE = timedelta(hours=24)
SESSION_LIFE = timedelta(hours=12)
UNKNOWN_LINK = "This sign-in link is not known. Ask for a new one."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session. The token goes into the cookie."""

    token: str
    staff: Staff
    expires_at: datetime


async def add_user(desk: Desk, email: str, name: str, role: Role) -> Staff:
    """A new officer. Raises ``Conflict`` when the address is known, ``Invalid``."""
    email = required(email, "email", "the e-mail address", at_most=254).lower()
    name = required(name, "name", "the name", at_most=80)
    async with desk.store.write() as session:
        if await _by_email(session, email) is not None:
            raise Conflict(f"{email} has an account already.", field="email")
        user = StaffUser(email=email, name=name, role=role)
        session.add(user)
        await session.flush()
        _log(session, desk, user, "user.add")
    return _staff(user)


async def staff_by_email(desk: Desk, email: str) -> Staff:
    """The officer with this address. Raises ``NotFound``."""
    async with desk.store.read() as session:
        user = await _by_email(session, email.strip().lower())
        if user is None:
            raise NotFound(f"Nobody with the address {email} has an account.", field="email")
        return _staff(user)


async def new_sign_in_link(desk: Desk, email: str) -> str:
    """A token for ``/sign-in/{token}``: works once, within 24 hours. Raises ``NotFound``."""
    token = desk.tokens.new()
    async with desk.store.write() as session:
        user = await _by_email(session, email.strip().lower())
        if user is None or not user.active:
            raise NotFound(f"Nobody with the address {email} has an account.", field="email")
        expires = desk.clock.now() + LINK_LIFE
        session.add(SignInLink(user_id=key(user), token_hash=hashed(token), expires_at=expires))
        _log(session, desk, user, "user.sign_in_link")
    return token


async def redeem(desk: Desk, token: str) -> SignedIn:
    """Use a link up and open a session of 12 hours. Raises ``SignInNeeded``."""
    session_token = desk.tokens.new()
    now = desk.clock.now()
    known = select(SignInLink).where(SignInLink.token_hash == hashed(token))
    async with desk.store.read() as session:
        # Nobody who only guesses gets hold of the one writer.
        if (await session.exec(known)).first() is None:
            raise SignInNeeded(UNKNOWN_LINK)
    async with desk.store.write() as session:
        link = (await session.exec(known.with_for_update())).first()
        user = await session.get(StaffUser, link.user_id) if link is not None else None
        if link is None or user is None or not user.active:
            raise SignInNeeded(UNKNOWN_LINK)
        if link.used_at is not None:
            raise SignInNeeded("This sign-in link has been used. Ask for a new one.")
        if link.expires_at <= now:
            raise SignInNeeded("This sign-in link has expired. Ask for a new one.")
        link.used_at = now
        expires = now + SESSION_LIFE
        session.add(StaffSession(user_id=key(user), token_hash=hashed(session_token), expires_at=expires))
        _log(session, desk, user, "user.sign_in")
    return SignedIn(session_token, _staff(user), expires)


async def staff_of(desk: Desk, session_token: str) -> Staff | None:
    """Who is signed in with this cookie; None when nobody is."""
    async with desk.store.read() as session:
        opened = await _session(session, session_token)
        if opened is None or opened.expires_at <= desk.clock.now():
            return None
        user = await session.get(StaffUser, opened.user_id)
        return _staff(user) if user is not None and user.active else None


async def sign_out(desk: Desk, session_token: str) -> None:
    """End the session. Doing it twice does nothing."""
    async with desk.store.write() as session:
        opened = await _session(session, session_token)
        if opened is not None:
            await session.delete(opened)


async def _session(session: AsyncSession, token: str) -> StaffSession | None:
    return (await session.exec(select(StaffSession).where(StaffSession.token_hash == hashed(token)))).first()


async def _by_email(session: AsyncSession, email: str) -> StaffUser | None:
    return (await session.exec(select(StaffUser).where(StaffUser.email == email))).first()


def _staff(user: StaffUser) -> Staff:
    return Staff(key(user), user.name, user.role)


def _log(session: AsyncSession, desk: Desk, user: StaffUser, action: str) -> None:
    session.add(AuditEntry(at=desk.clock.now(), who=user.name, action=action, subject=f"user {user.id}"))
