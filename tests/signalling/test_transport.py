"""python-socketio's traps: compression, and clients that do not read."""

import asyncio
from functools import partial

from signalling import outbox
from signalling.rooms import audience_room
from tests.signalling.conftest import Hall
from tests.signalling.raw import Deaf, raw
from tests.support.sockets import Told
from tests.support.waiting import until

FILLER = "x" * 60_000


async def test_compression_is_off_though_the_browser_offers_it(hall: Hall) -> None:
    async with raw(hall.address) as line:
        assert not line.wire.compress
        assert not line.extensions


async def test_a_client_that_does_not_read_is_cut_off_and_the_others_go_on(hall: Hall) -> None:
    viewer, deaf = await hall.viewer(), Deaf()
    await deaf.enter(hall.address, "/audience", {"meeting": hall.ref, "device": "device-of-deaf"})
    audience = hall.namespaces.audience
    await until(lambda: len(audience.actors) == 2, "both to be here")
    waiting, sent = 0, 0
    async with asyncio.timeout(20):
        while len(audience.actors) == 2:
            await hall.server.emit(
                "filler",
                {"number": sent, "filler": FILLER},
                room=audience_room(hall.ref),
                namespace="/audience",
            )
            await viewer.until("filler", partial(_is, sent), "what was just sent")
            sent += 1
            waiting = max(waiting, *(socket.queue.qsize() for socket in hall.server.eio.sockets.values()))
    assert waiting == outbox.LIMIT, "the queue is bounded"
    assert [told["number"] for told in viewer.payloads("filler")] == list(range(sent)), (
        "who reads misses none"
    )
    await until(lambda: len(hall.server.eio.sockets) == 1, "the connection to be forgotten")
    await until(lambda: hall.connections() == 1, "nothing to wait for the deaf client any more")
    await deaf.find_the_end()
    deaf.close()
    assert (await viewer.ask("no.such.event"))["error"]["code"] == "not_found"


def _is(number: int, told: Told) -> bool:
    return bool(told["number"] == number)


async def test_a_client_that_was_cut_off_may_come_back_and_gets_the_present_state(hall: Hall) -> None:
    viewer = await hall.viewer()
    await hall.do("questions.open", open=False)
    for socket in list(hall.server.eio.sockets.values()):
        await socket.close(wait=False, abort=True)
    await viewer.close()
    back = await hall.viewer()
    assert back.told["state"]["version"] == await hall.version()
