import threading

import av
import numpy as np

from media.clock import SystemClock
from media.programme.picture import planes
from media.sources.intake import Intake
from media.sources.sound_buffer import RATE
from media.sources.test_card import TestCard, draw, read_code, tone
from tests.media.studio.listening import peak_dbfs, tone_dbfs

WALL = 1_795_553_000.37


def test_the_picture_carries_the_wall_clock_and_moves() -> None:
    one, other = draw(WALL, 0), draw(WALL + 0.04, 1)
    assert read_code(planes(one)[0]) == int(WALL * 100) & 0xFFFFFFFF
    assert read_code(planes(other)[0]) == int((WALL + 0.04) * 100) & 0xFFFFFFFF
    assert not np.array_equal(planes(one)[0][560:620], planes(other)[0][560:620])
    digits = planes(draw(WALL + 0.1, 0))[0][380:520]
    assert not np.array_equal(digits, planes(one)[0][380:520])
    assert np.array_equal(planes(one)[0][:350], planes(other)[0][:350])


def test_another_picture_has_no_code() -> None:
    assert read_code(np.full((720, 1280), 120, np.uint8)) is None


def test_the_tone_pulses_at_minus_20_dbfs() -> None:
    sound = tone(0, RATE)[:, 0]
    assert abs(tone_dbfs(sound[: RATE // 2], 440) - -20) < 0.5
    assert peak_dbfs(sound[RATE // 2 :]) < -100
    assert np.array_equal(sound, tone(7 * RATE, RATE)[:, 0])
    assert np.abs(np.diff(sound)).max() < 0.01


def test_it_feeds_while_it_is_wanted_and_stops() -> None:
    arrived = threading.Semaphore(0)

    class Counting(Intake):
        def put_picture(self, frame: av.VideoFrame, at: float | None = None) -> bool:
            taken = super().put_picture(frame, at)
            arrived.release()
            return taken

    wanted = threading.Event()
    intake = Counting("chamber", "test", "Test", SystemClock())
    card = TestCard(intake, SystemClock(), wanted.is_set)
    card.start()
    assert not arrived.acquire(timeout=0.2)
    wanted.set()
    for _ in range(5):
        assert arrived.acquire(timeout=2)
    card.stop()
    assert intake.status().sound
