"""Real encoders against a real ingest process; judged by what the studio decodes."""

import av
import pytest

from tests.media.ingest.conftest import KEY, Ingest
from tests.media.ingest.publishers import AAC, TONE, X264, X265, both, colour, publisher, sine
from tests.media.ingest.studio_end import RecordingDesk, RecordingIntake, mean_colour, tone

RED, BLUE, GREEN = (254, 0, 0), (0, 0, 254), (0, 128, 0)


def is_colour(frame: av.VideoFrame, wanted: tuple[int, int, int], within: float = 12) -> bool:
    return bool(abs(mean_colour(frame) - wanted).max() < within)


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


async def test_b_frames_come_out_in_order(ingest: Ingest, desk: RecordingDesk) -> None:
    shape = ("-re", "-f", "lavfi", "-i", "testsrc=s=176x144:r=25", *X264, "-bf", "3", "-b_strategy", "0")
    async with publisher(*shape, *ingest.rtmp()):
        intake = await desk.arrival()
        frames = await pictures(desk, intake, 30)
    stamps = [frame.pts for frame in frames if frame.pts is not None]
    assert len(stamps) == len(frames)
    assert stamps == sorted(stamps)


@pytest.mark.parametrize(("size", "rate"), [("320x240", 25), ("1920x1080", 50)])
async def test_other_shapes_play(ingest: Ingest, desk: RecordingDesk, size: str, rate: int) -> None:
    async with publisher(*colour("green", size, rate), *X264, *ingest.rtmp()):
        intake = await desk.arrival()
        frames = await pictures(desk, intake)
    assert f"{frames[-1].width}x{frames[-1].height}" == size
    # The publisher does not say BT.601, and what does not say is taken as BT.709 from 720 lines up.
    assert is_colour(frames[-1], GREEN, within=40)


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
