"""The council's own recording: only when asked for, sealed, and without a trace in what the public get."""

import asyncio
import io
from itertools import pairwise
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest
from av.container import InputContainer
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from numpy.typing import NDArray

from hub.private_recording import decrypt_file, make_keys
from media.access_unit import AccessUnit
from media.control.studio import GateState
from media.gate.sealed import unseal
from media.programme.picture import planes
from media.rhythm import DEFAULT, Rhythm
from media.studio.private_recorder import PrivateRecorder
from media.studio.production import Production
from media.studio.ticker import LOST
from tests.media.studio.test_ticker import PUBLIC, SECRET, TEXT, Bench
from tests.support.waiting import until

TICKS = 40


async def play(folder: Path, recorder: PrivateRecorder | None, rhythm: Rhythm = DEFAULT) -> list[AccessUnit]:
    """Public, private, public again, private again; everything that went out."""
    folder.mkdir()
    bench = Bench(folder, asyncio.get_running_loop(), rhythm)
    if recorder is not None:
        bench.production._recorder = recorder
    assert isinstance(bench.production, Production)
    feed = bench.desk.arrive("chamber", "file", "test")
    for _ in range(2):
        await bench.open()
        for _ in range(TICKS):
            await bench.tick(feed, PUBLIC)
        await bench.cut()
        for _ in range(TICKS):
            await bench.tick(feed, SECRET)
    await bench.gate.move(GateState.ENDED, TEXT, "over", "clerk", confirmed=True)
    await bench.tick(feed, SECRET)
    return bench.units


@pytest.mark.parametrize("pictures", [25, 30])
async def test_it_records_the_private_part_and_changes_nothing_that_the_public_get(
    tmp_path: Path, pictures: Literal[25, 30]
) -> None:
    rhythm = Rhythm(pictures)
    public_key = make_keys(tmp_path / "key")
    recorder = PrivateRecorder(tmp_path / "private", public_key, rhythm)
    with_recorder = await play(tmp_path / "with", recorder, rhythm)
    await asyncio.to_thread(recorder.close)
    without = await play(tmp_path / "without", None, rhythm)
    assert [unit.data for unit in with_recorder] == [unit.data for unit in without]
    assert [(unit.track, unit.pts) for unit in with_recorder] == [(unit.track, unit.pts) for unit in without]

    files = sorted((tmp_path / "private").iterdir())
    assert [path.name for path in files] == ["private-0001.mts.sealed", "private-0002.mts.sealed"]
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        code, sentence = decrypt_file(path, tmp_path / "key", path.with_suffix(""))
        assert (code, "complete" in sentence) == (0, True), sentence
        with av.open(str(path.with_suffix(""))) as container:
            assert isinstance(container, InputContainer)
            found = list(container.decode(video=0))
        lumas = [int(planes(frame)[0][360, 640]) for frame in found]
        assert len(lumas) == TICKS // 2
        times = [frame.time or 0.0 for frame in found]
        assert all(abs(b - a - 2 / pictures) < 0.001 for a, b in pairwise(times))
        assert all(abs(luma - SECRET[0]) < 8 for luma in lumas[3:])
        sound = heard(path.with_suffix(""))
        assert len(sound) / 48_000 == pytest.approx(TICKS / pictures, abs=0.1)
        assert sound[9600:-4800].min() > 0.2, "all of it"
    assert not list((tmp_path / "without").glob("**/*sealed*"))


async def test_after_a_pause_sound_goes_on_with_its_picture(tmp_path: Path) -> None:
    """A machine that hangs, or a disk: what is not there is missing from both."""
    recorder = PrivateRecorder(tmp_path / "private", make_keys(tmp_path / "key"))
    bench = Bench(tmp_path, asyncio.get_running_loop())
    bench.production._recorder = recorder
    feed = bench.desk.arrive("chamber", "file", "test")
    await bench.cut()
    for _ in range(3):
        for _ in range(TICKS):
            await bench.tick(feed, SECRET)
        bench.clock.advance(LOST + 2.0)
    await bench.gate.move(GateState.ENDED, TEXT, "over", "clerk", confirmed=True)
    await bench.tick(feed, SECRET)
    await asyncio.to_thread(recorder.close)
    file = tmp_path / "private" / "private-0001.mts.sealed"
    assert decrypt_file(file, tmp_path / "key", file.with_suffix(""))[0] == 0
    with av.open(str(file.with_suffix(""))) as container:
        assert isinstance(container, InputContainer)
        frames = list(container.decode())
    seen = [frame.time or 0.0 for frame in frames if isinstance(frame, av.VideoFrame)]
    heard = [frame.time or 0.0 for frame in frames if isinstance(frame, av.AudioFrame)]
    assert len(pauses(seen)) == len(pauses(heard)) == 2
    for picture, sound in zip(pauses(seen), pauses(heard), strict=True):
        assert picture == pytest.approx(sound, abs=0.1)
    assert all(gone > LOST for _, gone in pauses(seen))


def pauses(times: list[float]) -> list[tuple[float, float]]:
    """When they begin, and how long they are."""
    return [(one, later - one) for one, later in pairwise(times) if later - one > 1]


def heard(path: Path) -> NDArray[np.float32]:
    """All sound of a file, left channel."""
    with av.open(str(path)) as container:
        assert isinstance(container, InputContainer)
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


async def test_a_crash_leaves_what_was_sealed(tmp_path: Path) -> None:
    public_key = make_keys(tmp_path / "key")
    recorder = PrivateRecorder(tmp_path / "private", public_key)
    bench = Bench(tmp_path, asyncio.get_running_loop())
    bench.production._recorder = recorder
    feed = bench.desk.arrive("chamber", "file", "test")
    await bench.cut()
    for _ in range(60):
        await bench.tick(feed, SECRET)
    file = tmp_path / "private" / "private-0001.mts.sealed"
    await until(lambda: file.exists() and file.stat().st_size >= 2000, "something to be written")
    torn = file.read_bytes()
    key = X25519PrivateKey.from_private_bytes(_raw(tmp_path / "key"))
    chunks = b"".join(unseal(io.BytesIO(torn), key))
    with av.open(io.BytesIO(chunks), format="mpegts") as container:
        assert isinstance(container, InputContainer)
        assert len(list(container.decode(video=0))) >= 10
    await asyncio.to_thread(recorder.close)


async def test_a_key_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    recorder = PrivateRecorder(tmp_path / "private", tmp_path / "none")
    await play(tmp_path / "meeting", recorder)
    assert "not recorded" in recorder.sentence
    await asyncio.to_thread(recorder.close)
    assert not list((tmp_path / "private").iterdir())


def test_decrypting_says_what_is_wrong_and_overwrites_nothing(tmp_path: Path) -> None:
    make_keys(tmp_path / "key")
    with pytest.raises(FileExistsError):
        make_keys(tmp_path / "key")
    (tmp_path / "file.sealed").write_bytes(b"hello")
    out = tmp_path / "file"
    assert "not a private recording" in decrypt_file(tmp_path / "file.sealed", tmp_path / "key", out)[1]
    assert not out.exists()
    out.write_bytes(b"mine")
    assert decrypt_file(tmp_path / "file.sealed", tmp_path / "key", out)[0] == 1
    assert out.read_bytes() == b"mine"
    assert "key cannot be read" in decrypt_file(tmp_path / "file.sealed", tmp_path / "none", out)[1]


def _raw(path: Path) -> bytes:
    from media.gate.sealed import read_private_key

    return read_private_key(path).private_bytes_raw()
