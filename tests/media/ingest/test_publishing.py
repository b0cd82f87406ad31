"""Real encoders against a real ingest process; judged by what the studio decodes."""

from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.video.frame import PictureType

from media.programme.picture import planes
from tests.media.ingest.conftest import KEY, Ingest
from tests.media.ingest.publishers import AAC, TONE, X264, X265, both, colour, publisher, sine
from tests.media.ingest.studio_end import RecordingDesk, RecordingIntake, mean_colour, tone

RED, BLUE, GREEN = (254, 0, 0), (0, 0, 254), (0, 128, 0)
STEP, STEPS = 8, 25
"""How much brighter each picture is, and after how many it is dark again."""


def is_colour(frame: av.VideoFrame, wanted: tuple[int, int, int]) -> bool:
    return bool(abs(mean_colour(frame) - wanted).max() < 12)


async def pictures(desk: RecordingDesk, intake: RecordingIntake, count: int = 15) -> list[av.VideoFrame]:
    await desk.when(lambda: len(intake.pictures) >= count)
    return list(intake.pictures)


async def sounds(desk: RecordingDesk, intake: RecordingIntake, count: int = 20) -> list[av.AudioFrame]:
    await desk.when(lambda: len(intake.sounds) >= count)
    return list(intake.sounds)[-count:]


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_picture_and_sound_arrive(ingest: Ingest, desk: RecordingDesk, protocol: str) -> None:
    target = ingest.rtmp() if protocol == "rtmp" else ingest.srt()
    async with publisher(*both("red"), *target):
        intake = await desk.arrival()
        frames = await pictures(desk, intake)
        heard = await sounds(desk, intake)
    assert intake.kind == protocol
    assert intake.label == f"{protocol.upper()} encoder at 127.0.0.1"
    assert all(is_colour(frame, RED) for frame in frames)
    assert tone(heard) == pytest.approx(TONE, abs=10)
    assert await desk.when(lambda: intake.ending) == "The encoder stopped sending."


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_sound_alone_plays(ingest: Ingest, desk: RecordingDesk, protocol: str) -> None:
    target = ingest.rtmp() if protocol == "rtmp" else ingest.srt()
    async with publisher(*sine(), *AAC, *target):
        intake = await desk.arrival()
        heard = await sounds(desk, intake)
    assert tone(heard) == pytest.approx(TONE, abs=10)
    assert not intake.pictures


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_picture_alone_plays(ingest: Ingest, desk: RecordingDesk, protocol: str) -> None:
    target = ingest.rtmp() if protocol == "rtmp" else ingest.srt()
    async with publisher(*colour("blue"), *X264, *target):
        intake = await desk.arrival()
        frames = await pictures(desk, intake)
    assert all(is_colour(frame, BLUE) for frame in frames)
    assert not intake.sounds


async def test_b_frames_come_out_in_order(ingest: Ingest, desk: RecordingDesk, tmp_path: Path) -> None:
    """Every picture is a little brighter than the one before; the same encode goes to a file, too."""
    brighter = (
        f"nullsrc=s=176x144:r=25,geq=lum=16+mod(N*{STEP}\\,{STEP * STEPS}):cb=128:cr=128,format=yuv420p"
    )
    shape = ("-re", "-f", "lavfi", "-i", brighter, *X264, "-bf", "3", "-b_strategy", "0", "-crf", "10")
    _, _, url = ingest.rtmp()
    file = tmp_path / "sent.nut"
    tee = ("-map", "0", "-flags", "+global_header", "-f", "tee", f"[f=flv]{url}|[f=nut]{file}")
    async with publisher(*shape, *tee):
        intake = await desk.arrival()
        frames = await pictures(desk, intake, 60)
    assert b_pictures(file) > 20, "the encoder did send B-frames"
    for before, after in pairwise(frames):
        assert before.time is not None
        assert after.time is not None
        passed = round((after.time - before.time) * 25)
        assert passed > 0, "time goes on"
        brightened = (luma(after) - luma(before)) % (STEP * STEPS)
        assert abs(brightened - passed * STEP % (STEP * STEPS)) < STEP / 2, "each picture at its own time"


def b_pictures(file: Path) -> int:
    with av.open(str(file)) as container:
        return sum(frame.pict_type == PictureType.B for frame in container.decode(video=0))


def luma(frame: av.VideoFrame) -> float:
    return float(planes(frame)[0].mean())


@pytest.mark.parametrize(
    ("size", "rate", "matrix", "said"),
    [
        ("320x240", 25, "bt601", ""),
        ("1920x1080", 50, "bt709", ""),
        ("1280x720", 25, "bt709", "bt709"),
        ("1280x720", 25, "bt601", "smpte170m"),
    ],
)
async def test_other_shapes_play(
    ingest: Ingest, desk: RecordingDesk, size: str, rate: int, matrix: str, said: str
) -> None:
    """A stream that does not say how it makes colours is taken as most of its size: BT.709 from 720 lines."""
    one = f"color=c=green:s={size}:r={rate}:d=0.01,scale=out_color_matrix={matrix},format=yuv420p"
    # The same picture again and again costs the machine nothing.
    many = f"{one},setparams=colorspace={said or 'unknown'},loop=-1:1,setpts=N/{rate}/TB"
    async with publisher("-re", "-f", "lavfi", "-i", many, *X264, *ingest.rtmp()):
        intake = await desk.arrival()
        frames = await pictures(desk, intake)
    assert f"{frames[-1].width}x{frames[-1].height}" == size
    assert is_colour(frames[-1], GREEN)


@pytest.mark.parametrize(
    ("encoding", "protocol"),
    [
        ((*X265, *AAC), "rtmp"),
        ((*X265, *AAC), "srt"),
        ((*X264, "-c:a", "libmp3lame"), "rtmp"),
        ((*X264, "-c:a", "libopus"), "srt"),
    ],
)
async def test_every_codec_that_is_taken(
    ingest: Ingest, desk: RecordingDesk, encoding: tuple[str, ...], protocol: str
) -> None:
    target = ingest.rtmp() if protocol == "rtmp" else ingest.srt()
    async with publisher(*colour("red"), *sine(), *encoding, *target):
        intake = await desk.arrival()
        frames = await pictures(desk, intake)
        heard = await sounds(desk, intake)
    assert is_colour(frames[-1], RED)
    assert tone(heard) == pytest.approx(TONE, abs=10)


@pytest.mark.parametrize(
    ("encoding", "protocol", "named"),
    [
        (("-c:v", "mpeg2video"), "srt", "MPEG-2 video"),
        (("-c:v", "flv1"), "rtmp", "Sorenson"),
        ((*X264, "-c:a", "mp2"), "srt", "MP2"),
    ],
)
async def test_other_codecs_are_refused_by_name(
    ingest: Ingest, desk: RecordingDesk, encoding: tuple[str, ...], protocol: str, named: str
) -> None:
    target = ingest.rtmp() if protocol == "rtmp" else ingest.srt()
    async with publisher(*colour("red"), *sine(), *encoding, *target) as encoder:
        code, complaint = await encoder.ended()
        refusal = await desk.when(lambda: desk.refusals[0] if desk.refusals else None)
    assert code != 0
    assert refusal.source == "chamber"
    assert refusal.protocol == protocol
    assert named in refusal.sentence
    assert desk.arrived[0].ending == refusal.sentence
    if protocol == "rtmp":
        assert named in complaint


async def test_the_newest_publisher_of_a_key_wins(ingest: Ingest, desk: RecordingDesk) -> None:
    async with publisher(*both("red"), *ingest.rtmp()) as older:
        await pictures(desk, await desk.arrival())
        async with publisher(*both("blue"), *ingest.srt()):
            newer = await desk.arrival(1)
            frames = await pictures(desk, newer)
            code, complaint = await older.ended()
    assert is_colour(frames[-1], BLUE)
    assert code != 0
    assert "Replaced by a newer publisher" in complaint


@pytest.mark.parametrize("protocol", ["rtmp", "srt"])
async def test_a_key_that_is_withdrawn_cuts_its_publisher(
    ingest: Ingest, desk: RecordingDesk, protocol: str
) -> None:
    target = ingest.rtmp() if protocol == "rtmp" else ingest.srt()
    async with publisher(*both("red"), *target) as encoder:
        await pictures(desk, await desk.arrival())
        await ingest.set_keys("another")
        code, _ = await encoder.ended()
        refusal = await ingest.refusal()
        await ingest.publishers(lambda counts: not counts)
    assert code != 0
    assert refusal.sentence == "The stream key is no longer valid."
    assert KEY not in refusal.model_dump_json()


async def test_one_track_that_falls_silent_does_not_hold_up_the_other(
    ingest: Ingest, desk: RecordingDesk
) -> None:
    short = ("-re", "-f", "lavfi", "-i", f"sine=f={TONE}:r=48000:d=1")
    # The encoder itself must not wait for its own silent track either.
    patient = ("-tune", "zerolatency", "-max_interleave_delta", "1000000")
    async with publisher(*colour("red"), *short, *X264, *AAC, *patient, *ingest.rtmp()):
        intake = await desk.arrival()
        frames = await pictures(desk, intake, 75)
    assert is_colour(frames[-1], RED)
