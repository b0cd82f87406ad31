"""What strangers, and clerks in a hurry, send to a running program. It answers with a sentence."""

import asyncio
import json

import pytest
from aiohttp import ClientResponse

from tests.e2e.conftest import Hall
from tests.support.sockets import Console, RefusalError, Told, audience, console

pytestmark = [pytest.mark.publisher, pytest.mark.asyncio(loop_scope="module")]

SDP = "application/sdp"
HALF_AN_OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
BAD_OFFERS = {
    "nothing": ("", SDP, {400}),
    "not SDP": ("hello", SDP, {400}),
    "bytes": ("\x00\xff\x00" * 99, SDP, {400}),
    "without ICE or fingerprint": (HALF_AN_OFFER, SDP, {422}),
    "1 MB": ("v=0\r\n" + "a=x\r\n" * 200_000, SDP, {413}),
    "wrong type": (HALF_AN_OFFER, "application/json", {415}),
    "no type": (HALF_AN_OFFER, "application/octet-stream", {415}),
}


async def _refused(response: ClientResponse, statuses: set[int]) -> None:
    text = await response.text()
    assert response.status in statuses, text
    assert response.content_type == "application/problem+json"
    problem = json.loads(text)
    assert problem["status"] == response.status
    assert problem["detail"].endswith("."), "a sentence"
    assert "Traceback" not in text


@pytest.mark.parametrize("offer", BAD_OFFERS, ids=str)
async def test_whep_refuses_a_bad_offer_with_a_sentence(hall: Hall, offer: str) -> None:
    body, kind, statuses = BAD_OFFERS[offer]
    async with hall.http.post(hall.demo.links.whep, data=body, headers={"Content-Type": kind}) as response:
        await _refused(response, statuses)


@pytest.mark.parametrize("offer", BAD_OFFERS, ids=str)
async def test_whip_refuses_a_bad_offer_with_a_sentence(hall: Hall, offer: str) -> None:
    body, kind, statuses = BAD_OFFERS[offer]
    headers = {"Content-Type": kind, "Authorization": f"Bearer {hall.demo.links.whip_token}"}
    async with hall.http.post(hall.demo.links.whip, data=body, headers=headers) as response:
        await _refused(response, statuses)


async def test_whip_without_a_key_says_which_kind_it_wants(hall: Hall) -> None:
    async with hall.http.post(
        hall.demo.links.whip, data=HALF_AN_OFFER, headers={"Content-Type": SDP}
    ) as response:
        await _refused(response, {401})
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_question_of_10000_characters_is_a_clear_error_on_the_form(hall: Hall) -> None:
    text = "Why? " * 2000
    form = {"text": text, "author": "Ann", "client_id": "long-form"}
    async with hall.http.post(f"{hall.meeting}/questions", data=form, headers=_same_origin(hall)) as response:
        page = await response.text()
        assert response.status == 422
        assert "There is a problem" in page
        assert "500 characters" in page
        assert "Why? Why?" in page, "what was typed is kept"


async def test_a_question_of_10000_characters_is_a_clear_error_on_the_socket(hall: Hall) -> None:
    async with audience(hall.address, hall.ref, "device-of-a-talker") as viewer:
        with pytest.raises(RefusalError) as refusal:
            await viewer.call("question.submit", text="y" * 10_000, author="", item_id=None)
        assert refusal.value.code == "invalid"
        assert "500" in refusal.value.message


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script><b>Bins</b>?", "🗑️" * 100, "\u202eolleh\u0000 there"]
)
async def test_markup_and_floods_are_shown_as_text(hall: Hall, text: str) -> None:
    device = f"device-{abs(hash(text))}"
    async with audience(hall.address, hall.ref, device) as viewer:
        answer = await viewer.call("question.submit", text=text, author="<i>Ann</i>", item_id=None)
        number = answer["question"]["id"]
        await hall.console.call("question.approve", question_id=number)
        await viewer.until("state", lambda state: _has(state, number), "the approved question")
    async with hall.http.get(hall.meeting) as response:
        page = await response.text()
    assert "<script>alert" not in page
    assert "<b>Bins" not in page
    assert "<i>Ann" not in page
    assert "\x00" not in page


async def test_messages_that_are_no_messages_are_answered(hall: Hall) -> None:
    async with audience(hall.address, hall.ref, "device-of-a-fuzzer") as viewer:
        for command, payload in (
            ("question.submit", {"text": 7}),
            ("question.submit", {"text": "Yes?", "unknown": 1}),
            ("question.vote", {"question_id": "🗳️"}),
            ("no.such.command", {}),
            ("meeting.end", {"confirmed": True}),
        ):
            with pytest.raises(RefusalError) as refusal:
                await viewer.call(command, **payload)
            assert refusal.value.message
    assert hall.console.public["state"] == "live"


async def test_a_registration_without_a_name_keeps_what_was_typed(hall: Hall) -> None:
    form = {
        "name": "",
        "email": "not an address",
        "summary": "About <b>my</b> street",
        "client_id": "no-name",
    }
    async with hall.http.post(f"{hall.meeting}/register", data=form, headers=_same_origin(hall)) as response:
        page = await response.text()
        assert response.status == 422
        assert "There is a problem" in page
        assert "About &lt;b&gt;my&lt;/b&gt; street" in page


async def test_of_two_clerks_who_press_next_at_the_same_moment_one_is_told(hall: Hall) -> None:
    async with console(hall.address, hall.ref, hall.cookies) as other:
        await hall.console.until(
            "state", lambda state: _version(state) == _version(other.told["state"]), "one view"
        )
        version, before = other.public["version"], other.public["now_item_id"]
        answers = await asyncio.gather(
            *(_next(clerk, version) for clerk in (hall.console, other)), return_exceptions=True
        )
        refusals = [answer for answer in answers if isinstance(answer, RefusalError)]
        assert [refusal.code for refusal in refusals] == ["conflict"]
        agenda = [item["id"] for item in other.public["agenda"] if not item["heading"]]
        after = agenda[agenda.index(before) + 1]
        for clerk in (hall.console, other):
            await clerk.until("state", lambda state: state["public"]["now_item_id"] == after, "one step")


async def _next(clerk: Console, version: int) -> Told:
    return await clerk.call("item.next", expected_version=version)


def _version(state: Told) -> int:
    return int(state["public"]["version"])


def _has(state: Told, number: int) -> bool:
    return any(question["id"] == number for question in state["questions"])


def _same_origin(hall: Hall) -> dict[str, str]:
    return {"Origin": hall.address, "Sec-Fetch-Site": "same-origin"}
