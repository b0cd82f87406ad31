"""“I have lost my link”: the same answer for everybody."""

import pytest
from sqlmodel import func, select

from hub.domain.models import Mail, MailKind
from hub.domain.services.registration import register
from tests.web.conftest import Site


async def sent(site: Site) -> int:
    async with site.house.desk.store.read() as session:
        counted = select(func.count()).select_from(Mail).where(Mail.kind == MailKind.LINK)
        return (await session.exec(counted)).one()


async def ask(site: Site, email: str, prefix: str = "") -> str:
    path = f"{prefix}{site.meeting}/lost-link"
    async with site.client.post(path, data={"email": email}) as response:
        assert response.status == 200
        return await response.text()


async def test_a_known_and_an_unknown_address_get_the_same_page(site: Site) -> None:
    site.house.desk.sends_mail = True
    await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    known = await ask(site, "sam@example.org")
    assert await sent(site) == 1
    assert await ask(site, "nobody@example.org") == known
    assert await sent(site) == 1
    assert "If somebody is registered for this meeting with that address" in known
    assert "sam@example.org" not in known


async def test_the_form_and_its_mistakes(site: Site) -> None:
    site.house.desk.sends_mail = True
    assert "lost-link" in await site.text(f"{site.meeting}/register")
    for wrong in ("", "sam", "x" * 300 + "@example.org"):
        async with site.client.post(f"{site.meeting}/lost-link", data={"email": wrong}) as response:
            assert response.status == 422
            assert "There is a problem" in await response.text()
    assert await sent(site) == 0


async def test_looking_at_the_page_sends_nothing(site: Site) -> None:
    site.house.desk.sends_mail = True
    await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    await site.text(f"{site.meeting}/lost-link?email=sam@example.org")
    await site.text(f"{site.meeting}/lost-link?sent")
    assert await sent(site) == 0


async def test_without_a_mail_server_the_page_says_whom_to_ask(site: Site) -> None:
    page = await site.text(f"{site.meeting}/lost-link")
    assert "This council sends no e-mails from here." in page
    assert "<form" not in page.split("<main")[1]


async def test_who_tries_many_addresses_has_to_wait(site: Site) -> None:
    site.house.desk.sends_mail = True
    for number in range(10):
        await ask(site, f"guess-{number}@example.org")
    path = f"{site.meeting}/lost-link"
    async with site.client.post(path, data={"email": "guess@example.org"}) as response:
        assert response.status == 429
        assert "Too many links were asked for" in await response.text()
    site.clock.now += 60
    await ask(site, "guess@example.org")


@pytest.mark.parametrize("path", ["/meetings/nowhere/lost-link", "/cy/meetings/nowhere/lost-link"])
async def test_an_unknown_meeting(site: Site, path: str) -> None:
    async with site.client.post(path, data={"email": "sam@example.org"}) as response:
        assert response.status == 404
