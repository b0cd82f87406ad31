import pytest
from sqlmodel import select

from hub.domain.errors import Conflict, NotFound, SignInNeeded
from hub.domain.models import SignInLink, StaffSession, StaffUser
from hub.domain.people import Role
from hub.domain.services.accounts import add_user, new_sign_in_link, redeem, sign_out, staff_of
from tests.hub.conftest import House


async def test_link_signs_in_once(house: House) -> None:
    token = await new_sign_in_link(house.desk, " Ann@Example.org ")
    signed_in = await redeem(house.desk, token)
    assert signed_in.staff == house.clerk
    assert await staff_of(house.desk, signed_in.token) == house.clerk
    with pytest.raises(SignInNeeded, match="has been used"):
        await redeem(house.desk, token)


async def test_link_expires_after_a_day(house: House) -> None:
    token = await new_sign_in_link(house.desk, "ann@example.org")
    house.clock.advance(hours=24)
    with pytest.raises(SignInNeeded, match="expired"):
        await redeem(house.desk, token)


async def test_session_ends_after_half_a_day_and_on_signing_out(house: House) -> None:
    first = await redeem(house.desk, await new_sign_in_link(house.desk, "ann@example.org"))
    second = await redeem(house.desk, await new_sign_in_link(house.desk, "ann@example.org"))
    await sign_out(house.desk, first.token)
    await sign_out(house.desk, first.token)
    assert await staff_of(house.desk, first.token) is None
    house.clock.advance(hours=12)
    assert await staff_of(house.desk, second.token) is None


async def test_closed_account_is_nobody(house: House) -> None:
    signed_in = await redeem(house.desk, await new_sign_in_link(house.desk, "ann@example.org"))
    waiting = await new_sign_in_link(house.desk, "ann@example.org")
    async with house.desk.store.write() as session:
        (await session.get_one(StaffUser, house.clerk.id)).active = False
    assert await staff_of(house.desk, signed_in.token) is None
    with pytest.raises(SignInNeeded):
        await redeem(house.desk, waiting)
    with pytest.raises(NotFound):
        await new_sign_in_link(house.desk, "ann@example.org")


async def test_unknown_tokens_and_people(house: House) -> None:
    assert await staff_of(house.desk, "") is None
    with pytest.raises(SignInNeeded):
        await redeem(house.desk, "guess")
    with pytest.raises(NotFound):
        await new_sign_in_link(house.desk, "nobody@example.org")
    with pytest.raises(Conflict):
        await add_user(house.desk, "ANN@example.org", "Another Ann", Role.ADMIN)


async def test_only_hashes_are_stored(house: House) -> None:
    link = await new_sign_in_link(house.desk, "ann@example.org")
    signed_in = await redeem(house.desk, link)
    async with house.desk.store.read() as session:
        links = (await session.exec(select(SignInLink))).all()
        sessions = (await session.exec(select(StaffSession))).all()
    stored = "".join(row.model_dump_json() for row in [*links, *sessions])
    assert link not in stored
    assert signed_in.token not in stored
