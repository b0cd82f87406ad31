"""What people get when something is broken on our side."""

import shutil

import pytest

from tests.web.conftest import Site
from web.assets import Assets
from web.keys import DESK


class Broken:
    """A database that is away."""

    def read(self) -> object:
        raise ConnectionError("the database is away: password=hunter2")

    write = read


@pytest.mark.parametrize("path", ["/", "/meetings/{ref}", "/api/v1/meetings", "/meetings/{ref}/state.json"])
async def test_a_fault_is_calm_and_tells_nothing_inside(site: Site, path: str) -> None:
    site.client.app[DESK].store = Broken()  # type: ignore[assignment]
    body = await site.text(path.format(ref=site.house.ref), 500)
    assert "A meeting that is being broadcast goes on" in body
    assert "hunter2" not in body
    assert "Traceback" not in body
    assert "Error 500" not in body


async def test_readiness_says_what_is_missing(site: Site, assets: Assets) -> None:
    site.client.app[DESK].store = Broken()  # type: ignore[assignment]
    shutil.rmtree(assets.folder)
    body = await site.text("/readyz", 503)
    assert "The database does not answer." in body
    assert "hunter2" not in body
    assert "make setup" in body
    assert await site.text("/healthz") == "ok\n"


async def test_pages_say_how_to_build_what_is_not_built(site: Site, assets: Assets) -> None:
    shutil.rmtree(assets.folder)
    assert "make setup" in await site.text("/", 503)
    await site.text("/nowhere", 404)


async def test_viewers_come_in_while_the_database_is_away(site: Site) -> None:
    from tests.web.conftest import OFFER

    site.client.app[DESK].store = Broken()  # type: ignore[assignment]
    headers = {"Content-Type": "application/sdp"}
    async with site.client.post(f"{site.meeting}/whep", data=OFFER, headers=headers) as response:
        assert response.status == 201
