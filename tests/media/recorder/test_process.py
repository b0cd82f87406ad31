"""The real recorder process over the real bus: kill -9, restart, finish; and a disk that is full."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import av
import pytest

from media.access_unit import AccessUnit
from media.bus.base import BusAddress
from media.bus.local import LocalPublisher
from media.config import RecorderConfig
from media.control.channel import ControlClient
from media.control.recorder import FinishRecording, GetRecorderStatus, RecorderChanged
from media.recorder.disk import RecordingDirectory
from media.recorder.process import Recorder
from recordings.index import read_index
from recordings.timeline import Timeline
from recordings.verify import verify
from tests.support.encoded import colour_at, looks_like, programme
from tests.support.feed import HandFeed, ManualClock
from tests.support.waiting import connected, until


def config(directory: Path) -> RecorderConfig:
    return RecorderConfig(
        control_socket=directory / "c.sock", meeting="m", bus_url=f"unix:{directory / 'm.bus'}",
        directory=directory / "recording", linger_seconds=0,
    )  # fmt: skip


async def start(directory: Path) -> asyncio.subprocess.Process:
    settings = directory / "recorder.json"
    settings.write_text(config(directory).model_dump_json())
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "media.recorder", str(settings))


@asynccontextmanager
async def control(directory: Path) -> AsyncIterator[ControlClient]:
    client = await connected(directory / "c.sock", (RecorderChanged,))
    yield client
    await client.close()


async def publisher(directory: Path) -> LocalPublisher:
    return await LocalPublisher.open(BusAddress(f"unix:{directory / 'm.bus'}"))


def recorded_until(directory: Path) -> float:
    index = directory / "recording" / "index.jsonl"
    lines = index.read_bytes().splitlines(keepends=True) if index.exists() else []
    values = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return max((value["seconds"] + value["duration"] for value in values if "seconds" in value), default=0.0)


async def send(bus: LocalPublisher, units: list[AccessUnit]) -> None:
    """Faster than life, but never more than a reader's backlog."""
    for number in range(0, len(units), 60):
        for unit in units[number : number + 60]:
            bus.publish(unit)
        await asyncio.sleep(0.02)


async def test_kill_9_loses_less_than_a_second_and_a_restart_goes_on(tmp_path: Path) -> None:
    units = programme(9.0)
    at = next(number for number, unit in enumerate(units) if unit.seconds >= 5.2)
    bus = await publisher(tmp_path)
    first = await start(tmp_path)
    await until(lambda: bus.readers == 1, "the recorder", 20)
    await send(bus, units[:at])
    await until(lambda: recorded_until(tmp_path) > 4.9, "it to be on disk", 1.0)
    first.kill()
    await first.wait()
    with (tmp_path / "recording" / "index.jsonl").open("ab") as index:
        index.write(b'{"file":"programme-0001.mp4","off')
    saved = verify(tmp_path / "recording")
    assert saved.ok, saved.findings
    assert saved.remarks
    assert saved.seconds > 5.2 - 1.0

    second = await start(tmp_path)
    await until(lambda: bus.readers == 1, "the recorder", 20)
    await send(bus, units[at:])
    async with control(tmp_path) as client:
        await until(lambda: recorded_until(tmp_path) > 8.6, "the rest")
        status = await client.call(FinishRecording())
        assert await asyncio.wait_for(second.wait(), 10) == 0
    assert (status.healthy, status.files) == (True, ["programme-0001.mp4", "programme-0002.mp4"])
    assert (status.first_seconds, round(status.last_seconds, 2)) == (0.0, 9.0)
    await bus.close()

    whole = verify(tmp_path / "recording")
    assert whole.ok, whole.findings
    assert sum(file.size for file in whole.files) == status.bytes
    timeline = Timeline.of(read_index(tmp_path / "recording"))
    assert round(timeline.duration, 2) == 9.0
    assert len(timeline.runs) == 2
    for file in whole.files:
        with av.open(str(tmp_path / "recording" / file.name), "r") as container:
            for frame in container.decode(video=0):
                mean = frame.to_ndarray(format="rgb24").mean(axis=(0, 1))
                seen = (int(mean[0]), int(mean[1]), int(mean[2]))
                assert looks_like(seen, colour_at(float(frame.time or 0)))


async def test_sigterm_writes_what_is_in_hand(tmp_path: Path) -> None:
    bus = await publisher(tmp_path)
    process = await start(tmp_path)
    await until(lambda: bus.readers == 1, "the recorder", 20)
    await send(bus, programme(2.2))
    await until(lambda: recorded_until(tmp_path) >= 2.0, "two seconds")
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    await bus.close()
    assert round(recorded_until(tmp_path), 2) == 2.2
    assert verify(tmp_path / "recording").ok


async def test_the_state_is_told_each_second(tmp_path: Path) -> None:
    feed = HandFeed()
    recorder = Recorder(config(tmp_path), feed, ManualClock())
    running = asyncio.create_task(recorder.run())
    async with control(tmp_path) as client:
        feed.give(programme(3.0))
        async with asyncio.timeout(10):
            async for event in client.events():
                assert isinstance(event, RecorderChanged)
                if event.status.last_seconds >= 3.0:
                    break
        assert (await client.call(GetRecorderStatus())).sentence == "Everything up to now is safe on disk."
        recorder.stop()
        async with asyncio.timeout(10):
            await running


async def test_a_disk_that_is_full_is_told_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is the outside here: it refuses by the errno a full one gives."""
    real, full = RecordingDirectory.append, asyncio.Event()
    full.set()

    def append(self: RecordingDirectory, cut: object) -> object:
        if full.is_set():
            raise OSError(28, "No space left on device")
        return real(self, cut)  # type: ignore[arg-type]

    monkeypatch.setattr(RecordingDirectory, "append", append)
    monkeypatch.setattr("media.recorder.process.RETRY_SECONDS", 0.02)
    feed = HandFeed()
    recorder = Recorder(config(tmp_path), feed, ManualClock())
    running = asyncio.create_task(recorder.run())
    feed.give(programme(3.0))
    await feed.taken()
    await until(lambda: not recorder.status.healthy, "the fault")
    assert "No space left on device" in recorder.status.sentence
    full.clear()
    await until(lambda: recorder.status.last_seconds >= 3.0, "it to go on")
    assert recorder.status.healthy
    recorder.stop()
    async with asyncio.timeout(10):
        await running
    assert verify(tmp_path / "recording").ok


@pytest.mark.parametrize(("linger", "ends"), [(30.0, True), (0.0, False)])
async def test_it_goes_when_nobody_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linger: float, ends: bool
) -> None:
    monkeypatch.setattr("media.recorder.process.REPORT_SECONDS", 0.01)
    clock = ManualClock()
    feed = HandFeed()
    recorder = Recorder(config(tmp_path).model_copy(update={"linger_seconds": linger}), feed, clock)
    running = asyncio.create_task(recorder.run())
    feed.give(programme(1.0))
    await feed.taken()
    clock.now += 29.0
    done, _ = await asyncio.wait({running}, timeout=0.1)
    assert not done
    clock.now += 2.0
    done, _ = await asyncio.wait({running}, timeout=2.0 if ends else 0.1)
    assert bool(done) is ends
    recorder.stop()
    async with asyncio.timeout(10):
        await running
