"""What strangers send. Everything gets an answer or is hung up on, and nobody else notices."""

import asyncio
import json

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from signalling.namespace import MESSAGES_AT_ONCE
from signalling.transport import PAYLOAD_LIMIT
from tests.signalling.conftest import Hall
from tests.signalling.raw import Raw, raw
from tests.support.waiting import until

NAMESPACES = ("/audience", "/speaker", "/console")


async def enter(hall: Hall, line: Raw, namespace: str) -> None:
    """Let in by whatever the namespace asks for; the console's cookie came with the handshake."""
    await hall.take_slot("phone-of-sam")
    both = {"meeting": hall.ref, "token": hall.seed.speaker_token, "device": "phone-of-sam"}
    await line.enter(namespace, both)


@pytest.mark.parametrize("namespace", NAMESPACES)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (["question.submit", "text"], "invalid"),
        (["question.submit", 7], "invalid"),
        (["question.submit", None], "invalid"),
        (["question.submit", ["text"]], "invalid"),
        (["question.submit", True], "invalid"),
        ([7, {}], "invalid"),
        ([None, {}], "invalid"),
        ([["question.submit"], {}], "invalid"),
        ([{"event": "question.submit"}, {}], "invalid"),
        (["no.such.event", {}], "not_found"),
        (["", {}], "not_found"),
        (["x" * 1000, {}], "not_found"),
        (["connect", {"HTTP_COOKIE": "x"}, {"meeting": "other"}], "not_found"),
        (["connect", {}], "not_found"),
        (["disconnect", {}], "not_found"),
        (["disconnect"], "not_found"),
        (["state", {}], "not_found"),
        (["on_connect", {}], "not_found"),
        (["trigger_event", {}], "not_found"),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
async def test_a_message_that_is_none_is_refused(hall: Hall, namespace: str, data: object, code: str) -> None:
    async with raw(hall.address, {"Cookie": await hall.sign_in()}) as line:
        await enter(hall, line, namespace)
        answer = await line.ask(namespace, data)
        assert answer["ok"] is False
        expected = {code, "not_found"} if namespace != "/audience" else {code}
        assert answer["error"]["code"] in expected
        again = await line.ask(namespace, ["no.such.event", {}], 2)
        assert again["error"]["code"] == "not_found", "the line still works"


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"client_id": ""},
        {"client_id": "c" * 65, "text": "Why?"},
        {"client_id": 7, "text": "Why?"},
        {"client_id": "a\x00b", "text": "Why?"},
        {"client_id": "one"},
        {"client_id": "one", "text": None},
        {"client_id": "one", "text": ["Why?"]},
        {"client_id": "one", "text": "   "},
        {"client_id": "one", "text": "y" * 501},
        {"client_id": "one", "text": "y" * 30_000},
        {"client_id": "one", "text": "Why?", "item_id": "1"},
        {"client_id": "one", "text": "Why?", "item_id": -1},
        {"client_id": "one", "text": "Why?", "item_id": 2**63},
        {"client_id": "one", "text": "Why?", "state": "approved"},
        {"client_id": "one", "text": "Why?", "__proto__": {}},
    ],
    ids=lambda value: json.dumps(value)[:50],
)
async def test_a_question_that_does_not_fit_is_refused_with_its_field(
    hall: Hall, payload: dict[str, object]
) -> None:
    async with raw(hall.address) as line:
        await line.enter("/audience", {"meeting": hall.ref, "device": "device-of-ann"})
        answer = await line.ask("/audience", ["question.submit", payload])
        assert answer["error"]["code"] == "invalid"
        assert answer["error"]["field"]
        assert len(answer["error"]["message"]) < 200


async def test_a_message_without_an_acknowledgement_is_carried_out(hall: Hall) -> None:
    async with raw(hall.address) as line:
        await line.enter("/audience", {"meeting": hall.ref, "device": "device-of-ann"})
        question = {"client_id": "one", "text": "Why?", "author": "", "item_id": None}
        await line.say(f"42/audience,{json.dumps(['question.submit', question])}")
        await line.until('42/audience,["mine",[{')
        answer = await line.ask("/audience", ["question.submit", question])
        assert answer["question"]["text"] == "Why?", "replayed: the first was carried out"


@pytest.mark.parametrize(
    "packet",
    [
        "42/audience,1{}",
        "42/audience,1[]",
        "42/audience,1",
        '42/audience,1"question.submit"',
        "42/audience,1[not json",
        "42/audience,99999999999999999999999999[]",
        '42/nowhere,1["question.submit",{}]',
        '42["question.submit",{}]',
        "43/audience,1[]",
        "44/audience,{}",
        '451-/audience,1["question.submit",{"_placeholder":true,"num":0}]',
        '459999999999-/audience,1["question.submit",{"_placeholder":true,"num":0}]',
        '461-/audience,1[{"_placeholder":true,"num":0}]',
        "49",
        "4",
        "9",
        "x",
        "",
        "4" + "[" * 60_000,
        "42/audience,1" + "[" * 60_000,
        '40/audience,{"meeting":"again"}',
        "40/admin,",
        "40",
    ],
    ids=lambda packet: packet[:40],
)
async def test_a_packet_that_is_none_does_not_hurt_the_others(hall: Hall, packet: str) -> None:
    viewer = await hall.viewer()
    async with raw(hall.address) as line:
        await line.enter("/audience", {"meeting": hall.ref, "device": "device-of-eve"})
        await line.say(packet)
        await line.wire.close()
    await until(lambda: len(hall.namespaces.audience.actors) == 1, "the stranger to be forgotten")
    answer = await viewer.ask("question.submit", client_id="one", text="Why?", author="", item_id=None)
    assert answer["ok"], "the others do not notice"


async def test_attachments_are_not_gathered(hall: Hall) -> None:
    async with raw(hall.address) as line:
        await line.enter("/audience", {"meeting": hall.ref, "device": "device-of-eve"})
        await line.say('45500-/audience,1["question.submit",{"_placeholder":true,"num":0}]')
        await line.wire.send_bytes(b"\0" * 1000)
        assert (await line.ask("/audience", ["no.such.event", {}]))["error"]["code"] == "not_found"
        assert not hall.server._binary_packet


async def test_a_message_that_is_too_large_costs_the_connection_and_nothing_else(hall: Hall) -> None:
    viewer = await hall.viewer()
    async with raw(hall.address) as line:
        await line.enter("/audience", {"meeting": hall.ref, "device": "device-of-eve"})
        await line.say("42/audience,1" + json.dumps(["question.submit", {"text": "y" * PAYLOAD_LIMIT}]))
        await line.hung_up()
    await until(lambda: len(hall.namespaces.audience.actors) == 1, "the stranger to be forgotten")
    assert (await viewer.ask("no.such.event"))["error"]["code"] == "not_found"


@pytest.mark.parametrize("body", ["4" * (PAYLOAD_LIMIT + 1), "0", "1"], ids=["large", "unknown", "goodbye"])
async def test_a_bad_post_is_refused_and_its_sender_forgotten(hall: Hall, body: str) -> None:
    async with ClientSession() as session:
        polling = f"{hall.address}/socket.io/?EIO=4&transport=polling"
        async with session.get(polling) as response:
            sid = json.loads((await response.text())[1:])["sid"]
        async with session.post(f"{polling}&sid={sid}", data=body) as response:
            assert response.status in (200, 400)
        async with session.get(f"{polling}&sid={sid}") as response:
            assert response.status in (200, 400), "no request waits for one who may never come"
    await until(lambda: not hall.server.eio.sockets, "the sender to be forgotten")


async def test_of_a_flood_only_so_many_are_in_hand_at_once(hall: Hall) -> None:
    viewer = await hall.viewer()
    answers = await asyncio.gather(
        *(
            viewer.ask("question.submit", client_id=f"flood-{n}", text=f"Why {n}?", author="", item_id=None)
            for n in range(5 * MESSAGES_AT_ONCE)
        )
    )
    codes = [answer["error"]["code"] for answer in answers if not answer["ok"]]
    assert len(answers) - len(codes) == 3, "what a device may ask in a minute"
    assert set(codes) == {"too_many"}
    assert not hall.namespaces.audience._in_hand


@pytest.mark.parametrize("namespace", ["/admin", "/audience/"])
async def test_there_are_no_other_namespaces(hall: Hall, namespace: str) -> None:
    async with raw(hall.address) as line:
        await line.say(f"40{namespace},{json.dumps({'meeting': hall.ref, 'device': 'device-of-ann'})}")
        assert "Unable to connect" in await line.until("44")


async def test_another_site_cannot_use_an_officers_cookie(hall: Hall) -> None:
    headers = {"Cookie": await hall.sign_in(), "Origin": "https://evil.example"}
    with pytest.raises(WSServerHandshakeError):
        async with raw(hall.address, headers):
            pass


async def test_who_hangs_up_before_they_were_let_in_is_forgotten(hall: Hall) -> None:
    for _ in range(20):
        async with raw(hall.address) as line:
            await line.say(f"40/audience,{json.dumps({'meeting': hall.ref, 'device': 'device-of-ann'})}")
    await until(lambda: not hall.server.eio.sockets, "the connections to end")
    await until(lambda: not hall.namespaces.audience.actors, "all of them to be forgotten")
