"""“I have a code”: from the telephone to one's personal link."""

import re

from hub.domain.services.registration import Registered, register
from tests.web.conftest import Site
from tests.web.test_forms import GOOD


async def sam(site: Site) -> Registered:
    return await register(site.house.desk, site.house.ref, name="Sam Lee", phone="01904 551 550")


async def tried(site: Site, code: str, surname: str, prefix: str = "") -> tuple[int, str, str]:
    """Status, where it leads, and the page."""
    form = {"code": code, "surname": surname}
    async with site.client.post(f"{prefix}/code", data=form, allow_redirects=False) as response:
        return response.status, response.headers.get("Location", ""), await response.text()


async def test_it_leads_to_the_personal_link_in_ones_own_language(site: Site) -> None:
    registered = await sam(site)
    assert await tried(site, registered.code, "lee") == (303, f"/speak/{registered.token}", "")
    assert (await tried(site, registered.code, "lee", "/cy"))[:2] == (303, f"/cy/speak/{registered.token}")
    assert "Continue on this device" in await site.text(f"/speak/{registered.token}")
    assert (await site.house.speaker(registered.registration_id)).device == "", "nothing was taken"


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(site: Site) -> None:
    registered = await sam(site)
    status, _, page = await tried(site, registered.code, "Roe")
    assert status == 422
    assert "No personal link has this code and this surname." in page
    assert f'value="{registered.code}"' in page
    assert registered.token not in page
    status, _, page = await tried(site, "", "", "/cy")
    assert "Rhowch y cod." in page
    assert "Rhowch eich cyfenw." in page


async def test_who_tries_many_has_to_wait(site: Site) -> None:
    registered = await sam(site)
    for number in range(10):
        assert (await tried(site, f"AAAA-{number:04}", "Lee"))[0] == 422
    status, _, page = await tried(site, registered.code, "Lee")
    assert status == 429
    assert "Too many codes were tried from your connection." in page
    site.clock.now += 60
    assert (await tried(site, registered.code, "Lee"))[0] == 303


async def test_who_registers_can_write_it_down(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/register", data=GOOD) as response:
        page = await response.text()
    code = re.search(r"/code and enter the code ([0-9A-Z]{4}-[0-9A-Z]{4}) and your surname", page)
    link = re.search(r'id="personal-link" href="[^"]+(/speak/[^"]+)"', page)
    assert code is not None
    assert link is not None
    assert (await tried(site, code[1], "Lee"))[:2] == (303, link[1])


async def test_the_way_there(site: Site) -> None:
    assert 'href="/code"' in await site.text(f"{site.meeting}/lost-link")
    assert 'name="surname"' in await site.text("/code")
