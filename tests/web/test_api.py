"""The JSON API: reading by anybody, commands by officers."""

import json

from yarl import URL

from hub.domain.commands import COMMANDS
from hub.domain.people import Staff
from tests.web.conftest import Site


async def test_meetings_are_for_everybody(site: Site) -> None:
    async with site.client.get(
        "/api/v1/meetings", headers={"Origin": "https://elsewhere.example"}
    ) as response:
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        catalogue = await response.json()
    (entry,) = catalogue["meetings"]
    assert (catalogue["total"], catalogue["next_url"]) == (1, "")
    assert entry["meeting"]["ref"] == site.house.ref
    assert entry["url"].endswith(site.meeting)
    async with site.client.get(f"/api/v1{site.meeting}") as response:
        detail = await response.json()
    assert detail["hls_url"] == f"{entry['url']}/hls/main.m3u8"
    assert [item["item"]["number"] for item in detail["meeting"]["items"]] == ["1.", "", "2.", "9.", "10."]
    async with site.client.get("/api/v1/meetings/none") as response:
        assert response.status == 404
        assert (await response.json())["code"] == "not_found"
    async with site.client.get("/api/v1/nothing") as response:
        assert response.content_type == "application/problem+json"


async def test_the_catalogue_leads_from_page_to_page(site: Site) -> None:
    await site.add_meetings(120)
    found, address = [], "/api/v1/meetings"
    while address:
        catalogue = json.loads(await site.text(address))
        found += [entry["meeting"]["ref"] for entry in catalogue["meetings"]]
        assert catalogue["total"] == 121
        address = str(URL(catalogue["next_url"]).relative()) if catalogue["next_url"] else ""
    assert found == [site.house.ref, *(f"old-{number}" for number in reversed(range(120)))]


async def test_an_officer_commands(site: Site) -> None:
    await site.sign_in()
    address = f"/api/v1{site.meeting}/commands/meeting.open_room"
    async with site.client.post(address, json={"client_id": "one"}) as response:
        assert response.status == 200
        assert await response.json() == {"ok": True}
    async with site.client.get(f"{site.meeting}/state.json") as response:
        assert (await response.json())["state"] == "pre_show"
    async with site.client.post(address, json={"client_id": "two"}) as response:
        assert response.status == 409
        problem = await response.json()
    assert problem["code"] == "illegal_transition"


async def test_the_checklist_is_for_officers_and_says_what_going_live_asks(site: Site) -> None:
    address = f"/api/v1{site.meeting}/checklist"
    await site.text(address, 401)
    await site.sign_in()
    await site.house.do("meeting.open_room")
    async with site.client.get(address) as response:
        assert response.headers["Cache-Control"] == "no-store"
        lines = (await response.json())["lines"]
    missing = [line["sentence"] for line in lines if line["check"] == "missing"]
    assert "The clerk has not been marked as here." in missing
    command = f"/api/v1{site.meeting}/commands/meeting.go_live"
    async with site.client.post(command, json={"client_id": "unsure"}) as response:
        assert response.status == 409
        problem = await response.json()
    assert problem["code"] == "not_confirmed"
    assert all(sentence in problem["detail"] for sentence in missing)
    async with site.client.post(command, json={"client_id": "sure", "confirmed": True}) as response:
        assert response.status == 200
    assert json.loads(await site.text(address)) == {"lines": []}
    await site.text("/api/v1/meetings/none/checklist", 404)


async def test_commands_refuse_strangers_and_other_sites(site: Site) -> None:
    address = f"/api/v1{site.meeting}/commands/meeting.open_room"
    async with site.client.post(address, json={"client_id": "one"}) as response:
        assert response.status == 401
        assert (await response.json())["code"] == "sign_in_needed"
    await site.sign_in()
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with site.client.post(address, json={"client_id": "one"}, headers=headers) as response:
        assert response.status == 403
        assert (await response.json())["code"] == "forbidden"
    assert "open_room" not in site.house.studio.names()


async def test_bad_commands(site: Site) -> None:
    await site.sign_in()
    address = f"/api/v1{site.meeting}/commands"

    async def refused(name: str, data: str, kind: str, status: int, field: str | None = None) -> None:
        headers = {"Content-Type": kind}
        async with site.client.post(f"{address}/{name}", data=data, headers=headers) as response:
            assert response.status == status, await response.text()
            assert (await response.json()).get("field") == field

    json = "application/json"
    await refused("meeting.open_room", "{", json, 422)
    await refused("meeting.open_room", "[]", json, 422)
    await refused("meeting.open_room", "client_id=1", "application/x-www-form-urlencoded", 415)
    await refused("meeting.open_room", "{}", json, 422, "client_id")
    await refused("meeting.open_room", '{"client_id": "a", "more": 1}', json, 422, "more")
    await refused("nothing.such", '{"client_id": "a"}', json, 404)
    await refused("speaker.withdraw", '{"client_id": "a"}', json, 403)


async def test_the_description_knows_every_staff_command(site: Site) -> None:
    async with site.client.get("/api/v1/openapi.json") as response:
        document = await response.json()
    assert document["openapi"].startswith("3.1")
    described = {path.rsplit("/", 1)[1] for path in document["paths"] if "/commands/" in path}
    assert described == {name for name, spec in COMMANDS.items() if spec.actor is Staff}
    schemas = document["components"]["schemas"]

    def references(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    wanted = {ref.rsplit("/", 1)[1] for ref in references(document)}
    assert wanted - {"Problem"} <= set(schemas)
