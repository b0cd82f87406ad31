"""What happens to a source when its decoder dies, hangs or eats too much. All with real processes."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from media import ffmpeg
from media.sources import feeds
from media.sources.decoder import Job
from media.sources.limits import MEGABYTE
from tests.media.ingest.publishers import AAC, X264, colour, sine
from tests.media.ingest.studio_end import DEADLINE, RecordingDesk
from tests.media.ingest.test_feeds import Line, serving
from tests.media.sources.children import decoders, spare_decoders


@asynccontextmanager
async def live_feed(path: Path, *arguments: str) -> AsyncIterator[Line]:
    """A real encoder, in real time, passed on to the studio as the ingest process does."""
    command = (ffmpeg.executable(), "-v", "error", "-nostdin", *arguments, "-f", "nut", "-flush_packets", "1")
    encoder = await asyncio.create_subprocess_exec(*command, "pipe:1", stdout=asyncio.subprocess.PIPE)
    assert encoder.stdout is not None
    async with Line.open(path, b"") as line:
        passing = asyncio.create_task(_pass_on(encoder.stdout, line.writer))
        try:
            yield line
        finally:
            encoder.kill()
            passing.cancel()
            await asyncio.gather(passing, return_exceptions=True)
            await encoder.communicate()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(65536):
        writer.write(block)
        await writer.drain()


SEEN_AND_HEARD = (*colour("red"), *sine(), *X264, "-tune", "zerolatency", *AAC)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGXCPU])
async def test_a_decoder_that_dies_is_told_and_replaced(
    tmp_path: Path, desk: RecordingDesk, number: signal.Signals
) -> None:
    async with serving(tmp_path / "f", desk), live_feed(tmp_path / "f", *SEEN_AND_HEARD):
        first = await desk.arrival()
        await desk.when(lambda: len(first.pictures) > 10 and first.sounds)
        (child,) = decoders()
        os.kill(child, number)
        await desk.when(lambda: first.ending)
        cause = "got stuck" if number is signal.SIGXCPU else f"crashed (signal {int(number)})"
        assert first.ending is not None
        assert cause in first.ending
        assert [refusal.sentence for refusal in desk.refusals] == [first.ending]
        again = await desk.arrival(1)
        await desk.when(lambda: len(again.pictures) > 10 and again.sounds)
        assert again.ending is None
        assert decoders() != [child]


async def test_a_stream_that_crashes_every_decoder_is_refused(
    tmp_path: Path, desk: RecordingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_CRASHES", 1)
    async with serving(tmp_path / "f", desk), live_feed(tmp_path / "f", *SEEN_AND_HEARD) as line:
        for number in range(2):
            intake = await desk.arrival(number)
            await desk.when(lambda seen=intake: seen.pictures)  # type: ignore[misc]
            (child,) = decoders()
            os.kill(child, signal.SIGKILL)
        assert await line.answer() == "The decoder of this feed crashed 2 times, so it is not taken."


async def test_a_decoder_is_confined() -> None:
    """More memory than allowed is not to be had, no file can be written, and a loop is ended."""
    hostile = (
        "import os, sys, resource\n"
        "from media.sources.limits import CpuAllowance, confine\n"
        f"confine({256 * MEGABYTE})\n"
        "try:\n    bytearray(512 * 1024 * 1024)\n"
        "except MemoryError:\n    print('no memory', flush=True)\n"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE)[0], flush=True)\n"
        "CpuAllowance(1)\n"
        "while True: pass\n"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", hostile, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):
        said, _ = await child.communicate()
    assert said.split(b"\n")[:2] == [b"no memory", b"0"]
    assert child.returncode == -signal.SIGXCPU


def test_a_job_arrives_with_its_descriptors() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, TemporaryFile() as ring, TemporaryFile() as source:
        ring.write(b"ring")
        ring.flush()
        Job("stream", ring.fileno(), source.fileno(), -1, 12.0).send(ours)
        job = Job.receive(theirs)
        assert job is not None
        assert (job.kind, job.begun, job.idle) == ("stream", -1, 12.0)
        assert os.pread(job.ring, 4, 0) == b"ring"
        for fd in (job.ring, job.source):
            os.close(fd)
        ours.close()
        assert Job.receive(theirs) is None


async def test_a_spare_waits_while_something_is_decoded_and_takes_over(
    tmp_path: Path, desk: RecordingDesk
) -> None:
    async with serving(tmp_path / "f", desk):
        async with live_feed(tmp_path / "f", *SEEN_AND_HEARD):
            first = await desk.arrival()
            await desk.when(lambda: len(first.pictures) > 10)
            (child,), (spare,) = decoders(), spare_decoders()
            os.kill(child, signal.SIGKILL)
            again = await desk.arrival(1)
            await desk.when(lambda: len(again.pictures) > 10)
            assert decoders() == [spare]
            (other,) = spare_decoders()
            assert other not in (child, spare)
        await desk.when(lambda: again.ending)
        async with asyncio.timeout(DEADLINE):
            while decoders() or spare_decoders():
                await asyncio.sleep(0.02)


async def test_a_spare_that_died_is_not_counted_on(tmp_path: Path, desk: RecordingDesk) -> None:
    async with serving(tmp_path / "f", desk), live_feed(tmp_path / "f", *SEEN_AND_HEARD):
        first = await desk.arrival()
        await desk.when(lambda: len(first.pictures) > 10)
        for pid in (*spare_decoders(), *decoders()):
            os.kill(pid, signal.SIGKILL)
        again = await desk.arrival(1)
        await desk.when(lambda: len(again.pictures) > 10)
    assert not decoders()
    assert not spare_decoders()
