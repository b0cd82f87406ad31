"""Wrong keys, garbage and half-open connections: each is turned away, and good publishers do not notice."""

import asyncio
import os
import socket
from contextlib import suppress

import pytest

from media.attempts import BURST
from media.ingest.rtmp import MOST_FROM_ONE
from media.ingest.srt_packet import INDUCTION, Handshake
from tests.media.ingest.conftest import KEY, Ingest
from tests.media.ingest.publishers import AAC, X264, both, colour, publisher, sine
from tests.media.ingest.studio_end import DEADLINE, RecordingDesk

WRONG = "not-a-key-at-all"


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_a_wrong_key_is_refused(ingest: Ingest, desk: RecordingDesk, protocol: str) -> None:
    target = ingest.rtmp(WRONG) if protocol == "rtmp" else ingest.srt(WRONG)
    async with publisher(*both("red"), *target) as encoder:
        code, complaint = await encoder.ended()
        refusal = await ingest.refusal()
    assert code != 0
    assert refusal.protocol == protocol
    assert refusal.address == "127.0.0.1"
    assert refusal.sentence == "The stream key is not known here, or is no longer valid."
    assert WRONG not in refusal.model_dump_json()
    assert not desk.arrived
    if protocol == "rtmp":
        assert refusal.sentence in complaint


async def test_who_is_wrong_again_and_again_is_told_to_wait(ingest: Ingest, desk: RecordingDesk) -> None:
    """And whoever has the right key is not, even from the same address."""
    targets = [ingest.rtmp(f"{WRONG}-{number}")[-1] for number in range(BURST + 6)] + [ingest.rtmp()[-1]]
    tee = "|".join(f"[f=flv:onfail=ignore]{target}" for target in targets)
    outputs = ("-flags", "+global_header", "-map", "0", "-map", "1", "-f", "tee", tee)
    async with publisher(*colour("red"), *sine(), *X264, "-tune", "zerolatency", *AAC, *outputs) as encoder:
        intake = await desk.arrival()
        await desk.when(lambda: len(intake.pictures) >= 5)
    _, complaint = await encoder.ended()
    unknown, wait = "The stream key is not known here", "Too many wrong stream keys came from this address."
    assert complaint.count(unknown) + complaint.count(wait) == len(targets) - 1
    assert complaint.count(unknown) >= BURST
    assert complaint.index(wait) > complaint.index(unknown)


async def test_a_wrong_application_is_refused(ingest: Ingest) -> None:
    async with publisher(*both("red"), *ingest.rtmp(app="studio")) as encoder:
        code, _ = await encoder.ended()
    assert code != 0
    assert (await ingest.refusal()).sentence == (
        "The address ends in /live/ and the stream key; this one does not."
    )


@pytest.mark.parametrize(
    ("stream_id", "more", "begins"),
    [
        (None, "", "The stream id is missing"),
        ("%23!::r=whatever,m=request", "", "This address takes publishers only"),
        (KEY, "&passphrase=correct-horse-battery", "The encoder encrypts with a passphrase"),
    ],
)
async def test_srt_callers_are_told_what_is_wrong(
    ingest: Ingest, stream_id: str | None, more: str, begins: str
) -> None:
    async with publisher(*colour("red"), *X264, *ingest.srt(stream_id, more)) as encoder:
        code, _ = await encoder.ended()
    assert code != 0
    assert (await ingest.refusal()).sentence.startswith(begins)


async def test_a_stream_id_in_the_long_form_is_taken(ingest: Ingest, desk: RecordingDesk) -> None:
    async with publisher(*sine(), *AAC, *ingest.srt(f"%23!::r={KEY},m=publish")):
        intake = await desk.arrival()
        await desk.when(lambda: len(intake.sounds) >= 5)


async def test_a_key_without_a_studio_is_refused(ingest: Ingest) -> None:
    ingest.feeds_socket.unlink()
    for target in (ingest.rtmp(), ingest.srt()):
        async with publisher(*both("red"), *target) as encoder:
            code, _ = await encoder.ended()
        assert code != 0
        assert (await ingest.refusal()).sentence == (
            "The meeting of this key has no studio running at the moment."
        )
    ingest.feeds_socket.touch()


async def test_garbage_is_dropped_and_good_publishers_play(ingest: Ingest, desk: RecordingDesk) -> None:
    port = ingest.status.rtmp_port
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\x03" + os.urandom(8000), os.urandom(100_000)):
        await send_and_be_hung_up_on(port, garbage)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(("127.0.0.1", ingest.status.srt_port))
        for size in (0, 1, 15, 16, 63, 64, 65, 1400):
            udp.send(os.urandom(size))
            udp.send((b"\x80\x00" + os.urandom(size))[:size])
    for target in (ingest.rtmp(), ingest.srt()):
        count = len(desk.arrived)
        async with publisher(*colour("red"), *X264, *target):
            intake = await desk.arrival(count)
            await desk.when(lambda: len(intake.pictures) >= 5)  # noqa: B023


async def test_damaged_media_does_not_end_the_stream(ingest: Ingest, desk: RecordingDesk) -> None:
    noise = "noise=amount=2000*not(key)"
    async with publisher(*colour("red"), *sine(), *X264, *AAC, "-bsf:v", noise, *ingest.rtmp()):
        intake = await desk.arrival()
        await desk.when(lambda: len(intake.pictures) >= 30 and len(intake.sounds) >= 40)
    await desk.when(lambda: intake.ending)
    assert not desk.refusals


async def test_half_open_connections_are_bounded(ingest: Ingest, desk: RecordingDesk) -> None:
    opened = await asyncio.gather(*(half_open(ingest.status.rtmp_port) for _ in range(100)))
    kept = [writer for writer in opened if writer is not None]
    assert len(kept) == MOST_FROM_ONE
    for writer in kept:
        writer.close()
    await asyncio.gather(*(writer.wait_closed() for writer in kept))
    async with publisher(*colour("red"), *X264, *ingest.rtmp()):
        intake = await desk.arrival()
        await desk.when(lambda: len(intake.pictures) >= 5)


async def test_inductions_keep_nothing_and_cookies_bind(ingest: Ingest) -> None:
    """A conclusion with a guessed cookie is dropped in silence; an induction is not amplified."""
    zeros = bytes(16)
    question = Handshake(0, 0, 4, 0, 2, 1, 1500, 8192, INDUCTION, 77, 0, zeros).pack()
    forged = Handshake(0, 0, 5, 0, 1, 1, 1500, 8192, 0xFFFFFFFF, 77, 12345, zeros).pack()
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setblocking(False)
        udp.connect(("127.0.0.1", ingest.status.srt_port))
        udp.send(forged)
        udp.send(question)
        async with asyncio.timeout(DEADLINE):
            answer = await loop.sock_recv(udp, 2000)
        with pytest.raises(BlockingIOError):
            udp.recv(2000)
    understood = Handshake.parse(answer)
    assert understood is not None
    assert understood.type == INDUCTION
    assert understood.destination == 77
    assert len(answer) <= len(question)


async def send_and_be_hung_up_on(port: int, data: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        writer.write(data)
        writer.write_eof()
        async with asyncio.timeout(DEADLINE):
            while await reader.read(65536):
                pass
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def half_open(port: int) -> asyncio.StreamWriter | None:
    """Connect, say half a handshake, and see whether we are let stay."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x03" + bytes(100))
    with suppress(ConnectionResetError):
        try:
            async with asyncio.timeout(1.0):
                await reader.read(1)
        except TimeoutError:
            return writer
    writer.close()
    return None
