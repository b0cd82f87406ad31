import asyncio
import os
import struct

import pytest

from media.ingest import chunks
from media.ingest.chunks import ChunkError, ChunkReader, Kind, RtmpMessage, chunked


def reading(*parts: bytes) -> ChunkReader:
    reader = asyncio.StreamReader()
    reader.feed_data(b"".join(parts))
    reader.feed_eof()
    return ChunkReader(reader)


def head(lane: int, stamp: int, length: int, kind: int) -> bytes:
    return bytes((lane,)) + stamp.to_bytes(3, "big") + length.to_bytes(3, "big") + bytes((kind, 1, 0, 0, 0))


async def read_on(reader: ChunkReader) -> None:
    while True:
        await reader.read()


async def test_a_message_that_was_written_is_read() -> None:
    body = os.urandom(10_000)
    size = chunked(2, RtmpMessage(Kind.SET_CHUNK_SIZE, 0, 0, struct.pack(">I", chunks.OUR_CHUNK_SIZE)))
    message = RtmpMessage(Kind.COMMAND, 1234, 1, body)
    assert await reading(size, chunked(3, message)).read() == message


async def test_messages_of_two_streams_may_interleave() -> None:
    video, sound = os.urandom(200), os.urandom(150)
    reader = reading(
        *(head(6, 10, 200, 9), video[:128], head(4, 20, 150, 8), sound[:128]),
        *(b"\xc6", video[128:], b"\xc4", sound[128:]),
    )
    assert await reader.read() == RtmpMessage(Kind.VIDEO, 10, 1, video)
    assert await reader.read() == RtmpMessage(Kind.AUDIO, 20, 1, sound)


async def test_time_moves_by_deltas_and_by_repeats() -> None:
    reader = reading(
        *(head(4, 1000, 1, 8), b"a"),
        *(b"\x44" + b"\x00\x00\x17\x00\x00\x01\x08", b"b"),
        *(b"\x84" + b"\x00\x00\x15", b"c"),
        *(b"\xc4", b"d"),
    )
    assert [(await reader.read()).timestamp for _ in range(4)] == [1000, 1023, 1044, 1065]


async def test_a_time_beyond_24_bits_is_extended_in_every_chunk() -> None:
    stamp = 0x01020304
    extended = struct.pack(">I", stamp)
    body = os.urandom(130)
    reader = reading(head(4, 0xFFFFFF, 130, 8), extended, body[:128], b"\xc4", extended, body[128:])
    assert await reader.read() == RtmpMessage(Kind.AUDIO, stamp, 1, body)


async def test_an_aborted_message_is_forgotten() -> None:
    abort = head(2, 0, 4, Kind.ABORT) + struct.pack(">I", 4)
    reader = reading(head(4, 0, 200, 8), bytes(128), abort, head(4, 5, 1, 8), b"x")
    assert await reader.read() == RtmpMessage(Kind.AUDIO, 5, 1, b"x")


@pytest.mark.parametrize(
    "data",
    [
        head(4, 0, chunks.LARGEST_COMMAND + 1, Kind.COMMAND),
        head(4, 0, 0xFFFFFF, Kind.VIDEO),
        b"".join(head(lane, 0, 200, Kind.AUDIO) + bytes(128) for lane in range(3, 40)),
        head(4, 0, 200, Kind.AUDIO) + bytes(128) + head(4, 0, 200, Kind.AUDIO),
        head(2, 0, 4, Kind.SET_CHUNK_SIZE) + bytes(4),
        head(2, 0, 2, Kind.SET_CHUNK_SIZE) + bytes(2),
    ],
)
async def test_what_breaks_the_bounds_is_refused(data: bytes) -> None:
    with pytest.raises(ChunkError):
        await reading(data).read()


async def test_noise_raises_nothing_else() -> None:
    for _ in range(500):
        reader = reading(os.urandom(600))
        with pytest.raises((ChunkError, asyncio.IncompleteReadError)):
            await read_on(reader)
