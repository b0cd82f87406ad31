"""The relay's one socket."""

import asyncio

from media.relay.port import Port


async def test_room_is_told_to_everybody_who_waits() -> None:
    port = Port("127.0.0.1", 0, lambda _, __: None)
    assert tuple(await asyncio.gather(port.room(), port.room())) == (True, True)
    assert await port.room()
    port.close()
