"""The studio's socket for byte streams, spoken to as the ingest process would, and as it never would."""

import asyncio
import io
import json
import os
import random
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import av
import pytest

from media import ffmpeg
from media.sources import feeds, stream
from media.sources.feeds import FeedsServer
from media.sources.spare import SpareDecoder
from tests.media.ingest.publishers import AAC, X264
from tests.media.ingest.studio_end import DEADLINE, RecordingDesk
from tests.media.sources.children import decoders
from tests.support.waiting import until

PICTURES = 25
HELLO = {"source": "chamber", "protocol": "rtmp", "label": "RTMP encoder at 127.0.0.1"}


def nut(*arguments: str) -> bytes:
    """A stream made as fast as it can be."""
    command = [ffmpeg.executable(), "-v", "error", *arguments, "-f", "nut", "pipe:1"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def moving(size: str = "64x48", pictures: int = PICTURES, *more: str) -> bytes:
    return nut("-f", "lavfi", "-i", f"testsrc=s={size}:r=25", "-frames:v", str(pictures), *X264, *more)


@asynccontextmanager
async def serving(path: Path, desk: RecordingDesk) -> AsyncIterator[FeedsServer]:
    spare = SpareDecoder()
    server = FeedsServer(path, desk, spare)
    await server.start()
    try:
        yield server
    finally:
        await server.close()
        spare.close()


class Line:
    """One connection to the studio."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, begin: bytes, hello: object = HELLO) -> AsyncIterator["Line"]:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write((json.dumps(hello).encode() + b"\n" if hello else b"") + begin)
        try:
            yield cls(reader, writer)
        finally:
            writer.transport.abort()

    async def answer(self) -> str:
        """The studio's sentence, or nothing when it just closed."""
        async with asyncio.timeout(DEADLINE):
            try:
                line = await self._reader.readline()
            except ConnectionError:
                return ""
        return str(json.loads(line)["sentence"]) if line else ""


async def test_how_much_came_of_a_stream_is_told(tmp_path: Path, desk: RecordingDesk) -> None:
    whole = moving(pictures=2 * PICTURES)
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", whole) as line:
        line.writer.write_eof()
        intake = await desk.arrival()
        await desk.when(lambda: intake.ending)
    assert intake.counted is not None
    assert intake.counted() == (len(whole), 0, 0)


async def test_a_stream_is_decoded_to_its_last_picture(tmp_path: Path, desk: RecordingDesk) -> None:
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", moving()) as line:
        line.writer.write_eof()
        intake = await desk.arrival()
        assert await desk.when(lambda: intake.ending) == "The encoder stopped sending."
    assert len(intake.pictures) == PICTURES
    assert desk.backlogs == [False]
    assert await line.answer() == ""


@pytest.mark.parametrize(
    "hello",
    [
        None,
        [],
        {"source": "chamber"},
        HELLO | {"protocol": "file"},
        HELLO | {"source": ""},
        HELLO | {"label": "x" * 5000},
    ],
)
async def test_a_first_line_that_is_not_understood_ends_it(
    tmp_path: Path, desk: RecordingDesk, hello: object
) -> None:
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", b"\xff\n", hello) as line:
        assert await line.answer() == ""
    assert not desk.arrived


async def test_silence_before_the_first_line_ends_it(
    tmp_path: Path, desk: RecordingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "HELLO_SECONDS", 0.1)
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", b"", None) as line:
        assert await line.answer() == ""


async def test_silence_within_a_stream_ends_it(
    tmp_path: Path, desk: RecordingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "IDLE_SECONDS", 0.3)
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", moving()) as line:
        assert (await line.answer()).startswith("Nothing arrived for")
        assert (await desk.arrival()).ending == "Nothing arrived for 0 seconds."


async def test_what_is_no_stream_is_refused(tmp_path: Path, desk: RecordingDesk) -> None:
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", os.urandom(100_000)) as line:
        line.writer.write_eof()
        sentence = await line.answer()
    assert sentence == "The stream held no picture and no sound that could be read."
    assert [refusal.sentence for refusal in desk.refusals] == [sentence]


@pytest.mark.parametrize("seed", range(5))
async def test_a_stream_with_holes_and_noise_goes_on(tmp_path: Path, desk: RecordingDesk, seed: int) -> None:
    whole = moving("320x240", 30, "-g", "5")
    middle = len(whole) // 2
    damaged = whole[:middle] + random.Random(seed).randbytes(1000) + whole[middle + 2000 :]
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", damaged) as line:
        line.writer.write_eof()
        intake = await desk.arrival()
        await desk.when(lambda: intake.ending)
    assert intake.pictures[-1].time == pytest.approx(1.16)
    assert not desk.refusals


async def test_nothing_but_damage_is_cut_off(tmp_path: Path, desk: RecordingDesk) -> None:
    sine = ("-f", "lavfi", "-i", "sine=r=48000:d=20", *AAC)
    hopeless = nut(*sine, "-bsf:a", "noise=amount=1*gt(n\\,10),setts=ts=TS/50")
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", hopeless) as line:
        sentence = await line.answer()
    assert sentence == f"The stream is damaged: {stream.MOST_FAILURES} pieces in a row could not be decoded."
    assert desk.arrived[0].ending == sentence


async def test_a_picture_beyond_bounds_is_refused(tmp_path: Path, desk: RecordingDesk) -> None:
    async with (
        serving(tmp_path / "f", desk),
        Line.open(tmp_path / "f", moving("3856x16", 3)) as line,
    ):
        line.writer.write_eof()
        assert await line.answer() == "The picture is 3856 by 16; up to 3840 by 2160 is taken."


async def test_the_newer_of_two_feeds_stays(tmp_path: Path, desk: RecordingDesk) -> None:
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", moving(pictures=50)) as older:
        await desk.when(lambda: desk.arrived and desk.arrived[0].pictures)
        async with Line.open(tmp_path / "f", moving(pictures=50)):
            newer = await desk.arrival(1)
            assert await older.answer() == "Replaced by a newer connection of the same source."
            await desk.when(lambda: len(newer.pictures) > 5)
            assert newer.ending is None


async def test_feeds_are_bounded(tmp_path: Path, desk: RecordingDesk) -> None:
    async with serving(tmp_path / "f", desk):
        lines = [Line.open(tmp_path / "f", b"", HELLO | {"source": f"s{n}"}) for n in range(feeds.MOST_FEEDS)]
        for line in lines:
            await line.__aenter__()
        await desk.arrival(feeds.MOST_FEEDS - 1)
        async with Line.open(tmp_path / "f", b"", HELLO | {"source": "one more"}) as last:
            assert await last.answer() == f"The studio takes {feeds.MOST_FEEDS} encoders at once."
        for line in lines:
            await line.__aexit__(None, None, None)


async def test_what_is_old_is_left_out(tmp_path: Path, desk: RecordingDesk) -> None:
    """Ten seconds that come at once were held up somewhere: only the newest part is worth showing."""
    backlog = moving(pictures=250)
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", backlog) as line:
        line.writer.write_eof()
        intake = await desk.arrival()
        await desk.when(lambda: intake.ending)
    assert intake.pictures[-1].time == pytest.approx(9.96)
    assert len(intake.pictures) < 150


B_FRAMES = ("-bf", "3", "-x264-params", "b-adapt=0:scenecut=0")


@pytest.mark.parametrize("more", [("-g", "50"), ("-g", "50", *B_FRAMES)], ids=["in order", "B-frames"])
async def test_what_was_before_this_studio_is_referred_to_and_not_shown(
    tmp_path: Path, desk: RecordingDesk, more: tuple[str, ...]
) -> None:
    """It may have been private: only what came afterwards is shown, from the next picture on."""
    inputs = ("-f", "lavfi", "-i", "testsrc=s=320x240:r=25", "-f", "lavfi", "-i", "sine=r=48000")
    stream = nut(*inputs, "-t", "2", *X264, *more, *AAC)
    kept = int(len(stream) * 0.6)
    hello = HELLO | {"kept": kept}
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", stream[:kept], hello) as line:
        intake = await desk.arrival()
        line.writer.write(stream[kept:])
        line.writer.write_eof()
        await desk.when(lambda: intake.ending)
    assert desk.backlogs == [True]
    before, after = packets(stream, kept)
    seen = [frame.time for frame in intake.pictures if frame.time is not None]
    assert min(seen) > max(before["video"])
    assert len(seen) >= len([time for time in after["video"] if time > max(before["video"])]) - 1
    assert 0 < len(intake.sounds) <= len(after["audio"])


async def test_what_refers_to_damage_of_before_this_studio_is_not_shown(
    tmp_path: Path, desk: RecordingDesk
) -> None:
    """A decoder would put parts of older pictures in the place of what is lost, and those may be private."""
    stream = moving("320x240", 75, "-g", "50", "-x264-params", "scenecut=0")
    kept = stream.index(packet(stream, 30))
    lost = packet(stream, 20)
    damaged = stream.replace(lost, lost[:6] + bytes(len(lost) - 6))
    assert len(damaged) == len(stream)
    hello = HELLO | {"kept": kept}
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", damaged, hello) as line:
        line.writer.write_eof()
        intake = await desk.arrival()
        await desk.when(lambda: intake.ending)
    assert next(frame.time for frame in intake.pictures) == pytest.approx(2.0)


def packet(stream: bytes, number: int) -> bytes:
    """The picture of that number, encoded."""
    with av.open(io.BytesIO(stream), "r", format="nut") as container:
        return [bytes(one) for one in container.demux(video=0) if one.size][number]


def packets(stream: bytes, kept: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """The times of the packets that begin within the first bytes, and of the others, by kind."""
    before: dict[str, list[float]] = {"video": [], "audio": []}
    after: dict[str, list[float]] = {"video": [], "audio": []}
    with av.open(io.BytesIO(stream), "r", format="nut") as container:
        for packet in container.demux():
            if packet.pts is not None and packet.pos is not None:
                times = before if packet.pos < kept else after
                times[packet.stream.type].append(float(packet.pts * packet.time_base))
    return before, after


async def test_a_decoder_that_crashes_shows_nothing_of_it_either(tmp_path: Path, desk: RecordingDesk) -> None:
    stream = moving("320x240", 100, "-g", "10")
    kept = int(len(stream) * 0.6)
    hello = HELLO | {"kept": kept}
    async with serving(tmp_path / "f", desk), Line.open(tmp_path / "f", stream[:kept], hello) as line:
        await desk.arrival()
        (child,) = await until(decoders, "the decoder")
        os.kill(child, signal.SIGSEGV)
        line.writer.write(stream[kept:])
        line.writer.write_eof()
        second = await desk.arrival(1)
        await desk.when(lambda: second.ending)
    assert desk.backlogs == [True, True]
    before, _ = packets(stream, kept)
    shown = [frame.time for intake in desk.arrived for frame in intake.pictures if frame.time is not None]
    assert min(shown) > max(before["video"])


async def test_closing_the_studio_ends_its_feeds(tmp_path: Path, desk: RecordingDesk) -> None:
    server = FeedsServer(tmp_path / "f", desk, SpareDecoder())
    await server.start()
    async with Line.open(tmp_path / "f", moving()) as line, Line.open(tmp_path / "f", b"", None):
        intake = await desk.arrival()
        async with asyncio.timeout(DEADLINE):
            await server.close()
        assert await line.answer() == "The studio is closing."
    assert intake.ending == "The studio is closing."
    assert not (tmp_path / "f").exists()
