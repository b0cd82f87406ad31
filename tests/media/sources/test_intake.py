import gc
from pathlib import Path

import av
import numpy as np
import pytest

from media.programme.picture import blank
from media.rhythm import DEFAULT
from media.sources.capture_clock import APART
from media.sources.intake import PRESENTATION, TRANSIT_SECONDS, FeedKind, Intake
from media.sources.playhead import SPARE
from media.sources.ring import Ring
from media.sources.sound import RATE
from tests.media.studio.fakes import FakeClock
from tests.media.studio.listening import tone_dbfs

TICK = DEFAULT.period
LEAST_DELAY = TICK + SPARE


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def intake(clock: FakeClock, kind: FeedKind = "test") -> Intake:
    return Intake("chamber", kind, "Chamber", clock)


def sine_frame(form: str, layout: str, rate: int, begin: int, samples: int = 1024) -> av.AudioFrame:
    channels = len(av.AudioLayout(layout).channels)
    wave = 0.1 * np.sin(2 * np.pi * 440 * np.arange(begin, begin + samples) / rate)
    wave = (wave * 32767).astype(np.int16) if form.startswith("s16") else wave.astype(np.float32)
    planar = np.tile(wave, (channels, 1))
    array = planar if form.endswith("p") else planar.T.reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(array), form, layout)
    frame.sample_rate = rate
    frame.pts = begin * 7
    return frame


@pytest.mark.parametrize(
    ("form", "layout", "rate"),
    [
        ("s16", "mono", 8_000),
        ("s16", "mono", 44_100),
        ("s16", "stereo", 48_000),
        ("flt", "stereo", 48_000),
        ("fltp", "stereo", 44_100),
        ("fltp", "mono", 96_000),
    ],
)
def test_any_sound_becomes_48_khz_stereo_at_its_own_level(
    clock: FakeClock, form: str, layout: str, rate: int
) -> None:
    source = intake(clock)
    for number in range(rate // 4 // 1024 + 1):
        source.put_sound(sine_frame(form, layout, rate, number * 1024))
    clock.advance(LEAST_DELAY + 0.001)
    sound = source.take_sound(RATE // 8)
    assert sound.shape == (RATE // 8, 2)
    assert sound.dtype == np.float32
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert abs(tone_dbfs(sound[RATE // 50 :, 0], 440) - -20) < 0.3
    assert abs(source.status().level_dbfs - -23) < 2.5


def test_the_format_may_change_in_mid_stream(clock: FakeClock) -> None:
    source = intake(clock)
    source.put_sound(sine_frame("s16", "mono", 8_000, 0))
    source.put_sound(sine_frame("fltp", "5.1", 44_100, 0))
    source.put_sound(sine_frame("s16", "stereo", 48_000, 0))
    assert source.take_sound(960).shape == (960, 2)


def test_the_age_of_the_last_key_picture_is_told_while_somebody_is_there(clock: FakeClock) -> None:
    source = intake(clock, "rtmp")
    source.put_picture(blank(320, 180))
    assert source.status().key_picture_seconds is None, "none has come"
    source.key_came()
    source.put_picture(blank(320, 180))
    clock.advance(11.5)
    source.put_picture(blank(320, 180))
    assert source.status().key_picture_seconds == 11
    source.flush()
    source.key_came()
    source.put_picture(blank(320, 180))
    assert source.status().key_picture_seconds == 0, "what an opening keeps from the public came all the same"
    source.gone("The encoder has left.")
    assert source.status().key_picture_seconds is None


def test_the_last_picture_is_held_for_half_a_second(clock: FakeClock) -> None:
    source = intake(clock)
    assert source.latest_picture(clock.monotonic()) is None
    frame = blank(320, 180)
    source.put_picture(frame)
    clock.advance(LEAST_DELAY + 0.49)
    assert source.latest_picture(clock.monotonic()) is frame
    clock.advance(0.02)
    assert source.latest_picture(clock.monotonic()) is None


def test_a_source_that_has_gone_keeps_no_memory_of_its_decoder(clock: FakeClock) -> None:
    def held() -> int:
        return Path("/proc/self/maps").read_text().count("memfd:pictures")

    gc.collect()
    before = held()
    source, ring = intake(clock), Ring.create()
    slot = ring.put(blank(64, 48))
    assert slot is not None
    source.put_picture(ring.take(slot, 64, 48))
    ring.close()
    del ring
    source.gone("The feed ended.")
    clock.advance(1.0)
    source.let_go()
    assert held() == before + 1, "it may be held for a moment"
    clock.advance(1.1)
    source.let_go()
    gc.collect()
    assert held() == before


def test_a_screen_that_stands_still_is_held_until_it_is_shared_no_more(clock: FakeClock) -> None:
    source = Intake(PRESENTATION, "whip", "Screen", clock)
    frame = blank(320, 180)
    source.put_picture(frame)
    clock.advance(2.9)
    assert source.latest_picture(clock.monotonic()) is frame
    clock.advance(0.3)
    assert source.latest_picture(clock.monotonic()) is None
    source.put_picture(frame)
    clock.advance(0.6)
    assert source.latest_picture(clock.monotonic()) is frame
    source.gone("The publisher ended its session.")
    assert source.latest_picture(clock.monotonic()) is None


def test_pictures_wait_for_their_sound_in_order(clock: FakeClock) -> None:
    """Sound that is 100 ms old when it comes: pictures that came at once are shown when it is heard."""
    source = intake(clock, "whip")
    frames = [blank(320, 180) for _ in range(50)]
    shown, heard = [], []
    for number, frame in enumerate(frames):
        now = clock.monotonic()
        source.put_picture(frame, now)
        for half in range(2):
            source.put_sound(block(number == 20 and not half), now - 0.1 + half * 0.02)
        sound = np.concatenate([source.take_sound(960) for _ in range(2)])
        heard.append(float(np.abs(sound).max()) > 0.5)
        shown.append(source.latest_picture(now))
        clock.advance(TICK)
    click = heard.index(True)
    # It was captured 100 ms before it came, between pictures 17 and 18.
    assert shown[click] in frames[17:19]
    seen = [frame for frame in shown if frame is not None]
    assert seen == frames[: len(seen)]


def block(loud: bool) -> av.AudioFrame:
    """20 ms of nearly nothing, or of much."""
    frame = av.AudioFrame.from_ndarray(np.full((1, 1920), 0.9 if loud else 0.01, np.float32), "flt", "stereo")
    frame.sample_rate = RATE
    return frame


def test_pictures_without_sound_are_shown_as_soon_as_evenness_allows(clock: FakeClock) -> None:
    source = intake(clock)
    frames = [blank(320, 180) for _ in range(50)]
    shown = []
    for frame in frames:
        source.put_picture(frame, clock.monotonic())
        source.take_sound(960)
        source.take_sound(960)
        shown.append(source.latest_picture(clock.monotonic()))
        clock.advance(TICK)
    assert shown[10:] == frames[9:-1]


def test_opus_as_it_is_decoded_keeps_every_sample(clock: FakeClock) -> None:
    source = intake(clock)
    samples = np.arange(-9600, 9600, dtype=np.int16)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "s16", "stereo")
    frame.sample_rate = RATE
    source.put_sound(frame, clock.monotonic())
    clock.advance(LEAST_DELAY)
    sound = source.take_sound(4800)
    assert np.array_equal(sound[240:].ravel() * 32768, samples[480 : 2 * 4800])


@pytest.mark.parametrize("kind", TRANSIT_SECONDS)
def test_a_flush_forgets_what_came_and_what_is_still_on_its_way(clock: FakeClock, kind: FeedKind) -> None:
    source = intake(clock, kind)
    fill(source)
    source.flush()
    assert source.latest_picture(clock.monotonic()) is None
    assert not source.take_sound(960).any()
    if TRANSIT_SECONDS[kind]:
        for _ in range(9):
            clock.advance((TRANSIT_SECONDS[kind] - 0.01) / 9)
            fill(source)
        clock.advance(0.02)
        assert source.latest_picture(clock.monotonic() + LEAST_DELAY) is None
        assert not source.take_sound(960).any()
    fill(source)
    clock.advance(LEAST_DELAY + 0.001)
    assert np.concatenate([source.take_sound(960) for _ in range(2)]).any()
    assert source.latest_picture(clock.monotonic()) is not None


def fill(source: Intake) -> None:
    """A picture, and more sound than the buffer gathers before it plays."""
    source.put_picture(blank(320, 180))
    for number in range(6):
        source.put_sound(sine_frame("s16", "stereo", 48_000, number * 1024 + 5))


def test_the_status_tells_what_is_the_case(clock: FakeClock) -> None:
    source = intake(clock)
    assert source.status().state == "connecting"
    assert source.present(clock.monotonic())
    source.connected()
    assert source.status().state == "stalled"
    for _ in range(50):
        source.put_picture(blank(640, 360))
        clock.advance(0.04)
    status = source.status()
    assert (status.state, status.width, status.height, status.sound) == ("live", 640, 360, False)
    assert status.frames_per_second == 25.0
    assert "no sound" in status.sentence
    clock.advance(2.1)
    assert source.status().state == "stalled"
    assert not source.present(clock.monotonic())
    source.gone("The encoder hung up.")
    assert (source.status().state, source.status().sentence) == ("gone", "The encoder hung up.")


def test_what_comes_after_the_end_is_ignored(clock: FakeClock) -> None:
    source = intake(clock)
    source.refused("H.265 is not taken.")
    fill(source)
    source.connected()
    source.gone("later")
    assert source.latest_picture(clock.monotonic()) is None
    assert (source.status().state, source.status().sentence) == ("refused", "H.265 is not taken.")


@pytest.mark.parametrize("behind", [0.3, 0.5, APART])
def test_sound_that_is_far_behind_its_picture_is_heard_with_it(clock: FakeClock, behind: float) -> None:
    """As far as tracks are believed to be of one clock; that of a device that is too busy is."""
    source = intake(clock, "speaker")
    loud = 0
    for number in range(round(6 / TICK)):
        now = clock.monotonic()
        source.put_picture(blank(16, 16), now)
        for part in range(2):
            source.put_sound(block(loud=True), now - behind + part * 0.02)
        sound = source.take_sound(2 * 960)
        loud += number * TICK > 3 and float(np.abs(sound).max()) > 0.05
        clock.advance(TICK)
    assert loud > 2.9 / TICK
