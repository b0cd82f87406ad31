"""Silence, clipping and one channel only, found by counting samples."""

import numpy as np
import pytest

from media.programme.faults import ClippingAlarm, OneChannel, SilenceAlarm
from media.sources.sound import RATE, Sound
from tests.media.programme.speech import BLOCK, blocks, noise, speech, tone


def quiet_for(alarm: SilenceAlarm, seconds: float, dbfs: float = -60, *, live: bool = True) -> None:
    for _ in range(round(seconds * 50)):
        alarm.put(10 ** (dbfs / 10), BLOCK, live=live)


def test_ten_seconds_of_silence_are_an_alarm_and_not_a_moment_less() -> None:
    alarm = SilenceAlarm()
    quiet_for(alarm, 9.98)
    assert not alarm.active
    quiet_for(alarm, 0.02)
    assert alarm.active


def test_speech_with_pauses_is_not_silence() -> None:
    alarm = SilenceAlarm()
    for block in blocks(speech(60, -23, 1, pause=5)):
        alarm.put(float(np.mean(np.square(block))), BLOCK, live=True)
        assert not alarm.active


def test_a_knock_does_not_end_a_silence_but_a_word_does() -> None:
    alarm = SilenceAlarm()
    quiet_for(alarm, 8)
    quiet_for(alarm, 0.1, -10)
    quiet_for(alarm, 3)
    assert alarm.active
    quiet_for(alarm, 0.2, -30)
    assert not alarm.active


def test_only_a_live_programme_can_be_silent() -> None:
    alarm = SilenceAlarm()
    quiet_for(alarm, 60, live=False)
    assert not alarm.active
    quiet_for(alarm, 9)
    quiet_for(alarm, 1, live=False)
    quiet_for(alarm, 9)
    assert not alarm.active


def test_clipping_is_told_and_forgotten_after_five_seconds() -> None:
    alarm = ClippingAlarm()
    for block in blocks(np.clip(tone(1, 300, 3.0), -1, 1)):
        alarm.put(block)
    assert alarm.active
    for block in blocks(tone(4.8, 300, 0.5)):
        alarm.put(block)
    assert alarm.active
    for block in blocks(tone(0.4, 300, 0.5)):
        alarm.put(block)
    assert not alarm.active


@pytest.mark.parametrize("sound", [tone(5, 997, 0.99), speech(10, -12)], ids=["loud", "speech"])
def test_loud_is_not_clipped(sound: Sound) -> None:
    alarm = ClippingAlarm()
    for block in blocks(np.clip(sound, -0.99, 0.99)):
        alarm.put(block)
        assert not alarm.active


@pytest.mark.parametrize(("side", "name"), [(0, "left"), (1, "right")])
def test_one_channel_only_is_put_on_both(side: int, name: str) -> None:
    sound = speech(8, -23)
    sound[:, 1 - side] = noise(8, -75)[:, 0]
    channels = OneChannel()
    out = np.concatenate([channels.mend(block) for block in blocks(sound)])
    assert channels.only == name
    tail = slice(RATE * 6, None)
    assert np.array_equal(out[tail, 0], sound[tail, side])
    assert np.array_equal(out[tail, 1], sound[tail, side])
    assert np.array_equal(out[: RATE // 2], sound[: RATE // 2])


def test_the_other_channel_is_taken_back_when_it_returns() -> None:
    channels = OneChannel()
    half = speech(6, -23)
    half[:, 1] = 0
    for block in blocks(half):
        channels.mend(block)
    whole = speech(6, -23, 2)
    out = np.concatenate([channels.mend(block) for block in blocks(whole)])
    assert channels.only is None
    assert np.array_equal(out[RATE * 5 :], whole[RATE * 5 :])


def test_silence_changes_nothing_and_both_channels_stay_as_they_are() -> None:
    channels = OneChannel()
    for sound in (np.zeros((RATE * 5, 2), np.float32), speech(10, -23)):
        assert np.array_equal(np.concatenate([channels.mend(block) for block in blocks(sound)]), sound)
