"""WHIP and WHEP by the book (RFC 9725, draft-ietf-wish-whep)."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from hub.domain.models import StreamKey
from media.attempts import BURST, EVERY_SECONDS
from media.control.command import Disconnected, Refused
from tests.web.conftest import OFFER, Site
from tests.web.engine import ANSWER

SDP = {"Content-Type": "application/sdp"}
KEY = {"Authorization": "Bearer good-key"}


@pytest.fixture(params=["whep", "whip"])
async def endpoint(site: Site, request: pytest.FixtureRequest) -> str:
    """The address of each kind of endpoint."""
    async with site.house.desk.store.write() as session:
        session.add(StreamKey(meeting_id=site.house.meeting_id, source="chamber", key="good-key"))
    return f"{site.meeting}/whep" if request.param == "whep" else f"/whip/{site.house.ref}/chamber"


async def refusal(response: ClientResponse, status: int, code: str) -> str:
    assert response.status == status, await response.text()
    assert response.content_type == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    problem = await response.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["detail"].endswith(".")
    return str(problem["detail"])


async def test_an_offer_gets_an_answer_and_a_session(site: Site, endpoint: str) -> None:
    headers = {"Content-Type": "Application/SDP; charset=utf-8", **KEY}
    async with site.client.post(endpoint, data=OFFER, headers=headers) as response:
        assert response.status == 201
        assert response.content_type == "application/sdp"
        assert await response.text() == ANSWER
        session = response.headers["Location"]
        assert session.startswith(f"{endpoint}/")
        assert response.headers["ETag"] in ('"v1"', '"f1"')
        assert "Location" in response.headers["Access-Control-Expose-Headers"]
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    async with site.client.get(session) as response:
        assert response.status == 204
    async with site.client.patch(session, data="a=ice-ufrag:x", headers=KEY) as response:
        await refusal(response, 405, "method_not_allowed")
        assert "DELETE" in response.headers["Allow"]
    async with site.client.delete(session, headers={"If-Match": '"old"', **KEY}) as response:
        assert response.status == 200
        assert await response.read() == b""
    async with site.client.delete(session, headers=KEY) as response:
        await refusal(response, 404, "no_session")


async def test_options_and_get(site: Site, endpoint: str) -> None:
    preflight = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for headers in ({}, preflight):
        async with site.client.options(endpoint, headers=headers) as response:
            assert response.status == 200
            assert response.headers["Accept-Post"] == "application/sdp"
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert "POST" in response.headers["Access-Control-Allow-Methods"]
            assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
            assert "Link" not in response.headers
    async with site.client.options(f"{endpoint}/any") as response:
        assert response.status == 200
        assert "DELETE" in response.headers["Access-Control-Allow-Methods"]
    async with site.client.get(endpoint) as response:
        assert response.status == 204
        assert await response.read() == b""
    async with site.client.put(endpoint, data="x", headers=KEY) as response:
        await refusal(response, 405, "method_not_allowed")


async def chunked(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 8192):
        yield data[at : at + 8192]


async def test_bad_offers(site: Site, endpoint: str) -> None:
    async def post(data: object, headers: dict[str, str], status: int, code: str) -> None:
        async with site.client.post(endpoint, data=data, headers=headers | KEY) as response:
            await refusal(response, status, code)

    await post(OFFER, {"Content-Type": "application/json"}, 415, "unsupported_media_type")
    await post(OFFER, {"Content-Type": "text/plain"}, 415, "unsupported_media_type")
    await post("hello", SDP, 400, "bad_offer")
    await post("", SDP, 400, "bad_offer")
    await post(b"\xff\xfe", SDP, 400, "bad_offer")
    await post("v=0\r\ns=- m=video\r\n", SDP, 400, "bad_offer")
    await post("v=0\r\n" + "a" * 70_000, SDP, 413, "too_large")
    await post(chunked(b"v=0\r\nm=" + b"a" * 1_000_000), SDP, 413, "too_large")
    assert [call for call in site.engine.calls if call[0].startswith("open")] == []


@pytest.mark.parametrize(
    ("says", "status", "code", "retry"),
    [
        (Refused("bad_offer", "There is no video in the offer."), 422, "bad_offer", False),
        (Refused("full", "All places are taken."), 503, "full", True),
        (Refused("no_programme", "There is no programme yet."), 503, "no_programme", True),
        (Disconnected("gone"), 503, "media_unavailable", True),
    ],
)
async def test_what_the_media_processes_say(
    site: Site, endpoint: str, says: Exception, status: int, code: str, retry: bool
) -> None:
    site.engine.says = says
    async with site.client.post(endpoint, data=OFFER, headers=SDP | KEY) as response:
        await refusal(response, status, code)
        assert ("Retry-After" in response.headers) is retry


async def test_a_player_of_a_meeting_that_is_not_on(site: Site) -> None:
    site.engine.says = Refused("no_meeting", "This meeting has no studio.")
    for address, code in ((f"{site.meeting}/whep", "not_live"), ("/meetings/none/whep", "not_found")):
        async with site.client.post(address, data=OFFER, headers=SDP) as response:
            await refusal(response, 404, code)
    await site.house.live()
    async with site.client.post(f"{site.meeting}/whep", data=OFFER, headers=SDP) as response:
        await refusal(response, 503, "no_meeting")


async def test_whep_says_what_it_is_to_head(site: Site) -> None:
    async with site.client.head(f"{site.meeting}/whep") as response:
        assert response.status == 200
        assert response.content_type == "application/sdp"


async def wrong_key(site: Site, source: str = "192.0.2.1") -> tuple[int, str, str]:
    """Status, sentence and ``Retry-After`` of one who shows a wrong key."""
    headers = SDP | {"Authorization": "Bearer bad-key", "X-Forwarded-For": source}
    async with site.client.post(f"/whip/{site.house.ref}/chamber", data=OFFER, headers=headers) as response:
        detail = (await response.json())["detail"]
        return response.status, detail, response.headers.get("Retry-After", "")


async def test_whip_has_enough_of_wrong_keys(site: Site) -> None:
    async with site.house.desk.store.write() as session:
        session.add(StreamKey(meeting_id=site.house.meeting_id, source="chamber", key="good-key"))
    assert [(await wrong_key(site))[0] for _ in range(BURST)] == [401] * BURST
    told = len(site.engine.refusals)
    status, sentence, retry = await wrong_key(site)
    assert (status, retry) == (429, "6")
    assert "Try again in 6 seconds." in sentence
    assert len(site.engine.refusals) == told, "the console is not filled"
    good = site.client.post(f"/whip/{site.house.ref}/chamber", data=OFFER, headers=SDP | KEY)
    async with good as response:
        assert response.status == 201, "the right key is taken at any time"
    site.clock.now += EVERY_SECONDS
    assert (await wrong_key(site))[0] == 401


@pytest.mark.parametrize("public_url", ["", "https://meetings.example.org"])
async def test_only_our_own_proxy_says_who_asks(site: Site, public_url: str) -> None:
    """Without one in front, the header is what a stranger likes it to be."""
    for _ in range(BURST):
        await wrong_key(site, "192.0.2.1")
    assert (await wrong_key(site, "198.51.100.1, 192.0.2.1"))[0] == 429
    assert (await wrong_key(site, "198.51.100.1"))[0] == (401 if public_url else 429)


async def test_whip_wants_the_right_key(site: Site) -> None:
    async with site.house.desk.store.write() as session:
        session.add(StreamKey(meeting_id=site.house.meeting_id, source="chamber", key="good-key"))
    ref = site.house.ref
    wrong: list[tuple[str, dict[str, str], str]] = [
        (f"/whip/{ref}/chamber", {}, "key_needed"),
        (f"/whip/{ref}/chamber", {"Authorization": "Basic good-key"}, "key_needed"),
        (f"/whip/{ref}/chamber", {"Authorization": "Bearer "}, "key_needed"),
        (f"/whip/{ref}/chamber", {"Authorization": "Bearer other"}, "wrong_key"),
        (f"/whip/{ref}/slides", KEY, "wrong_key"),
        ("/whip/none/chamber", KEY, "wrong_key"),
    ]
    for address, headers, code in wrong:
        async with site.client.post(address, data=OFFER, headers=SDP | headers) as response:
            detail = await refusal(response, 401, code)
            assert response.headers["WWW-Authenticate"].startswith("Bearer")
            assert "console" in detail
        async with site.client.delete(f"{address}/feed-1", headers=headers) as response:
            await refusal(response, 401, code)
    assert site.engine.calls == []
    assert {(where, "key" in sentence) for where, sentence in site.engine.refusals} == {
        (ref, True),
        ("none", True),
    }
    async with site.client.post(
        f"/whip/{ref}/chamber",
        data=OFFER,
        headers=SDP | {"Authorization": "bearer good-key", "User-Agent": "OBS"},
    ) as response:
        assert response.status == 201
    assert site.engine.calls == [("open_feed", ref, "chamber", "OBS")]


async def test_players_and_encoders_of_other_sites_are_welcome(site: Site, endpoint: str) -> None:
    headers = SDP | KEY | {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    async with site.client.post(endpoint, data=OFFER, headers=headers) as response:
        assert response.status == 201
