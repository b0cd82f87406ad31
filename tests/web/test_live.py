"""WHIP and WHEP by the book (RFC 9725, draft-ietf-wish-whep)."""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from hub.domain.models import StreamKey
from hub.domain.turn import LIFE
from media.attempts import BURST, EVERY_SECONDS
from media.control.command import Disconnected, Refused
from media.control.feeds import Patched
from tests.web.conftest import OFFER, Site
from tests.web.engine import ANSWER
from web.live import limits

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = "application/trickle-ice-sdpfrag"
PATCH = {"Content-Type": FRAGMENT}
CANDIDATE = (
    "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
    "a=candidate:1 1 UDP 2130706431 192.0.2.1 54321 typ host\r\n"
)
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
    async with site.client.delete(session, headers={"If-Match": '"old"', **KEY}) as response:
        assert response.status == 200
        assert await response.read() == b""
    async with site.client.delete(session, headers=KEY) as response:
        await refusal(response, 404, "no_session")


@pytest.mark.parametrize("tag", ['"v1"', 'W/"v1", "v1"', "*"])
async def test_candidates_are_taken_without_a_word(site: Site, endpoint: str, tag: str) -> None:
    headers = PATCH | KEY | {"If-Match": tag}
    async with site.client.patch(f"{endpoint}/s1", data=CANDIDATE, headers=headers) as response:
        assert response.status == 204
        assert await response.read() == b""
        assert "ETag" not in response.headers
    assert site.engine.fragments == [(CANDIDATE, ("*",) if tag == "*" else ("v1",))]
    assert site.engine.calls[-1][-1] == "s1"


async def test_a_restart_is_answered_with_another_entity_tag(site: Site, endpoint: str) -> None:
    site.engine.patch = Patched(sdp="a=ice-lite\r\n", etag='"v2"')
    headers = PATCH | KEY | {"If-Match": "*"}
    async with site.client.patch(f"{endpoint}/s1", data=CANDIDATE, headers=headers) as response:
        assert response.status == 200
        assert response.content_type == FRAGMENT
        assert response.headers["ETag"] == '"v2"'
        assert "ETag" in response.headers["Access-Control-Expose-Headers"]
        assert await response.text() == "a=ice-lite\r\n"


@pytest.mark.parametrize(
    ("code", "status"),
    [("no_session", 404), ("bad_fragment", 400), ("stale", 412), ("no_restart", 422), ("too_many", 429)],
)
async def test_what_becomes_of_a_fragment(site: Site, endpoint: str, code: str, status: int) -> None:
    site.engine.says = Refused(code, "This was not to be.")
    headers = PATCH | KEY | {"If-Match": '"v1"'}
    async with site.client.patch(f"{endpoint}/s1", data=CANDIDATE, headers=headers) as response:
        await refusal(response, status, code)


async def test_bad_fragments(site: Site, endpoint: str) -> None:
    async def patch(data: object, headers: dict[str, str], status: int, code: str) -> None:
        async with site.client.patch(f"{endpoint}/s1", data=data, headers=headers | KEY) as response:
            await refusal(response, status, code)
            assert (response.headers.get("Accept-Patch") == FRAGMENT) is (status == 415)

    match = {"If-Match": '"v1"'}
    await patch(CANDIDATE, SDP | match, 415, "unsupported_media_type")
    await patch(CANDIDATE, {"Content-Type": "text/plain"} | match, 415, "unsupported_media_type")
    await patch(CANDIDATE, PATCH, 428, "precondition_required")
    await patch(CANDIDATE * 200, PATCH | match, 413, "too_large")
    await patch(chunked(CANDIDATE.encode() * 5000), PATCH | match, 413, "too_large")
    await patch(b"\xff\xfe", PATCH | match, 400, "bad_offer")
    assert site.engine.fragments == []


SERVERS = ("stun:stun.example:3478", "turn:turn.example:3478?transport=tcp")


def named(response: ClientResponse) -> list[tuple[str, dict[str, str]]]:
    """The ICE servers of a response, as clients read them."""
    links = re.split(r",\s+(?=<)", response.headers.get("Link", ""))
    found = [re.fullmatch(r'<([^>]+)>; rel="ice-server"(.*)', link) for link in links if link]
    return [(one[1], dict(re.findall(r'; ([a-z-]+)="([^"]*)"', one[2]))) for one in found if one]


@pytest.mark.parametrize("ice_servers", [SERVERS])
async def test_ice_servers_are_named_to_those_who_may_use_them(
    site: Site, endpoint: str, ice_servers: tuple[str, ...]
) -> None:
    async with site.client.post(endpoint, data=OFFER, headers=SDP | KEY) as response:
        stun, turn = named(response)
        assert "Link" in response.headers["Access-Control-Expose-Headers"]
    assert (stun[0], turn[0]) == ice_servers
    assert stun[1] == {}
    name, password = turn[1]["username"], turn[1]["credential"]
    assert turn[1]["credential-type"] == "password"
    until = int(name.split(":")[0]) - site.house.desk.clock.now().timestamp()
    assert until == pytest.approx(LIFE.total_seconds(), abs=1)
    signed = hmac.new(b"turn-secret", name.encode(), hashlib.sha1).digest()
    assert base64.b64decode(password) == signed
    async with site.client.options(endpoint, headers=KEY) as response:
        assert [url for url, _ in named(response)] == list(ice_servers)
    preflight = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    async with site.client.options(endpoint, headers=preflight) as response:
        assert "Link" not in response.headers


@pytest.mark.parametrize("ice_servers", [SERVERS])
async def test_turn_is_not_for_encoders_without_the_key(site: Site) -> None:
    async with site.client.options(f"/whip/{site.house.ref}/chamber") as response:
        assert response.status == 200
        assert "Link" not in response.headers


@pytest.mark.parametrize("overflow_url", ["", "https://second.example"])
async def test_who_finds_no_place_is_sent_on(site: Site, overflow_url: str) -> None:
    site.engine.says = Refused("full", "All places are taken.")
    address = f"{site.meeting}/whep?audio=interpreted"
    async with site.client.post(address, data=OFFER, headers=SDP, allow_redirects=False) as response:
        if overflow_url:
            assert response.status == 307
            assert response.headers["Location"] == f"{overflow_url}{address}"
            assert response.headers["Access-Control-Allow-Origin"] == "*"
        else:
            await refusal(response, 503, "full")


@pytest.mark.parametrize("overflow_url", ["", "https://second.example"])
@pytest.mark.parametrize("page", ["", "/embed"])
async def test_browsers_may_go_where_a_full_house_sends_them(
    site: Site, overflow_url: str, page: str
) -> None:
    async with site.client.get(f"{site.meeting}{page}") as response:
        policy = response.headers["Content-Security-Policy"]
    assert f"; connect-src 'self'{' ' if overflow_url else ''}{overflow_url};" in policy


async def test_the_relay_is_told_who_asks(site: Site) -> None:
    async with site.client.post(f"{site.meeting}/whep", data=OFFER, headers=SDP) as response:
        assert response.status == 201
    assert site.engine.callers == ["127.0.0.1"]


async def test_requests_that_come_to_nothing_are_limited_and_players_are_not(site: Site) -> None:
    endpoint = f"{site.meeting}/whep"

    async def status(method: str, path: str, data: str) -> int:
        async with site.client.request(method, path, data=data, headers=SDP) as response:
            if response.status == 429:
                assert int(response.headers["Retry-After"]) >= 1
            return response.status

    for _ in range(limits.BURST + 5):
        assert await status("POST", endpoint, OFFER) == 201
    calls = len(site.engine.calls)
    said = [await status("POST", endpoint, "hello") for _ in range(limits.BURST)]
    assert said == [400] * limits.BURST
    assert await status("POST", endpoint, OFFER) == 429
    assert len(site.engine.calls) == calls, "no media process was asked"
    site.clock.now += 2 * limits.EVERY_SECONDS
    assert await status("POST", endpoint, OFFER) == 201


async def test_who_takes_leave_of_lost_sessions_may_have_new_ones(site: Site) -> None:
    """A relay dies under a hall full of players behind one address."""
    endpoint = f"{site.meeting}/whep"
    said = []
    for _ in range(limits.BURST + 1):
        async with site.client.delete(f"{endpoint}/gone") as response:
            said.append(response.status)
    assert said == [404] * limits.BURST + [429]
    async with site.client.patch(f"{endpoint}/gone", data=CANDIDATE, headers=PATCH) as response:
        await refusal(response, 429, "too_many")
    async with site.client.post(endpoint, data=OFFER, headers=SDP) as response:
        assert response.status == 201


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
        assert {"PATCH", "DELETE"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))
        assert response.headers["Accept-Patch"] == FRAGMENT
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
        (Refused("too_many", "Your network has too many."), 429, "too_many", True),
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
    for _ in range(limits.BURST):
        async with site.client.post(f"{site.meeting}/whep", data=OFFER, headers=SDP) as response:
            await refusal(response, 404, "not_live")
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
        async with site.client.patch(f"{address}/feed-1", headers=PATCH | headers) as response:
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
