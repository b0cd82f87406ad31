"""The page on which officers write the words that flag a question."""

import re

from hub.domain.services.words import words_now
from tests.web.conftest import Site

PAGE = "/console/words"


async def test_it_is_for_officers(site: Site) -> None:
    await site.text(PAGE, 401)
    async with site.client.post(PAGE, data={"words": "x", "seen": "0"}) as response:
        assert response.status == 401
    assert (await words_now(site.house.desk)).number == 0


async def test_it_is_read_and_written(site: Site) -> None:
    await site.sign_in()
    page = await site.text(PAGE)
    assert "idiot*" in page
    assert re.search(r'name="seen" value="0"', page)
    async with site.client.post(PAGE, data={"words": "bypass\r\nscum", "seen": "0"}) as response:
        assert "The list has been changed." in await response.text()
    assert (await words_now(site.house.desk)).words == ["bypass", "scum"]
    async with site.client.post(PAGE, data={"words": "mine", "seen": "0"}) as response:
        assert response.status == 409
        page = await response.text()
    assert "changed the list a moment ago" in page
    assert ">mine</textarea>" in page, "what was typed is kept"
    async with site.client.post(PAGE, data={"words": "x" * 50, "seen": "1"}) as response:
        assert response.status == 422
