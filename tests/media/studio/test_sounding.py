"""What is wrong with the sound becomes a sentence for the console: the whole way, on a driven clock."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from media.control.alarm import Alarm
from media.silence import SILENT_SECONDS
from media.sources.intake import Intake
from media.sources.sound import RATE, Sound
from media.studio.sounding import SILENT
from tests.media.programme.speech import BLOCK, blocks, noise, speech, tone
from tests.media.studio.test_ticker import Bench

MEASURED = 0.1
"""Seconds between two looks at the alarms."""
SETTLED = 1.0
"""Seconds until what a source sends is what the public hear: through its intake, and levelled."""


def distorted(source: str, who: str) -> Alarm:
    words = (
        f"The sound of {who} is too loud before it gets here and is distorted. The public hear it so. Turn "
        "it down at the microphone or the sound desk."
    )
    return Alarm(code="distorted", sentence=words, source=source)


def one_channel(side: str) -> Alarm:
    words = (
        f"The sound of the chamber comes on the {side} channel only. The public hear it on both. Check the "
        "cable or the encoder’s channels when there is a pause."
    )
    return Alarm(code="one_channel", sentence=words, source="chamber")


CHAMBER = distorted("chamber", "the chamber")
SAM = distorted("7", "Sam Lee")


class Desk:
    """A studio of which nothing but the sound is made, in the gate's own ticks."""

    def __init__(self, directory: Path) -> None:
        self.bench = Bench(directory, asyncio.get_running_loop())
        self.chamber = self.bench.desk.arrive("chamber", "file", "Encoder")

    def alarms(self) -> tuple[Alarm, ...]:
        return self.bench.production.sounding.alarms

    def play(self, sound: Sound, source: Intake | None = None) -> Sound:
        """Let a source send this, and give what the public hear meanwhile. The chamber, if not told."""
        return np.concatenate([self._turn(block, source or self.chamber) for block in blocks(sound)])

    def play_until(self, sound: Sound, true: Callable[[tuple[Alarm, ...]], bool]) -> float:
        """The seconds after which the alarms are like this."""
        for number, block in enumerate(blocks(sound), 1):
            self._turn(block, self.chamber)
            if true(self.alarms()):
                return number * BLOCK / RATE
        raise AssertionError(f"the alarms are still {self.alarms()}")

    def _turn(self, block: Sound, source: Intake) -> Sound:
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), "flt", "stereo")
        frame.sample_rate = RATE
        source.put_sound(frame)
        made = self.bench.production.sound(self.bench.production.begin())
        self.bench.clock.advance(BLOCK / RATE)
        return made.public.samples


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_ten_seconds_of_silence_while_live_are_told_until_somebody_speaks(desk: Desk) -> None:
    await desk.bench.open()
    desk.play(speech(3, -23, pause=0.1))
    quiet = noise(SILENT_SECONDS + SETTLED, -60)
    assert np.sqrt(np.mean(quiet**2)) < 10 ** (-50 / 20)
    told = desk.play_until(quiet, lambda alarms: alarms == (SILENT,))
    assert SILENT_SECONDS - MEASURED <= told <= SILENT_SECONDS + SETTLED
    desk.play_until(speech(SETTLED, -23), lambda alarms: not alarms)


async def test_a_quiet_room_above_the_line_is_not_silence(desk: Desk) -> None:
    await desk.bench.open()
    desk.play(noise(SILENT_SECONDS + 2, -40))
    assert desk.alarms() == ()


async def test_silence_while_closed_is_nobodys_fault(desk: Desk) -> None:
    nothing = np.zeros((RATE * (SILENT_SECONDS + 5), 2), np.float32)
    desk.play(nothing)
    assert desk.alarms() == ()
    await desk.bench.open()
    desk.play(nothing[: RATE * (SILENT_SECONDS - 1)])
    await desk.bench.cut()
    desk.play(nothing)
    assert desk.alarms() == ()
    await desk.bench.open()
    desk.play(nothing[: RATE * (SILENT_SECONDS - 1)])
    assert desk.alarms() == (), "the seconds from before do not count"
    desk.play(nothing[: RATE * 2])
    assert desk.alarms() == (SILENT,)


async def test_speech_that_was_clipped_is_told_with_who_it_is(desk: Desk) -> None:
    await desk.bench.open()
    sam = desk.bench.desk.arrive("7", "speaker", "Sam Lee")
    desk.play(speech(2, -23))
    assert desk.alarms() == ()
    desk.play(np.clip(speech(3, -23) * 30, -1, 1), sam)
    assert desk.alarms() == (SAM,)
    desk.play(np.clip(speech(3, -23) * 30, -1, 1))
    assert sorted(desk.alarms(), key=lambda alarm: alarm.source) == [SAM, CHAMBER]
    sam.gone("Hung up.")
    desk.play(tone(MEASURED * 2, 300, 0.2))
    assert desk.alarms() == (CHAMBER,), "who has left is not told of"
    desk.play(speech(6, -23))
    assert desk.alarms() == ()


@pytest.mark.parametrize(("side", "name"), [(0, "left"), (1, "right")])
async def test_one_channel_is_told_and_heard_on_both(desk: Desk, side: int, name: str) -> None:
    await desk.bench.open()
    half = speech(12, -23, pause=0.1)
    half[:, 1 - side] = 0
    heard = desk.play(half)
    assert desk.alarms() == (one_channel(name),)
    end = heard[-3 * RATE :]
    assert np.array_equal(end[:, 0], end[:, 1])
    assert np.sqrt(np.mean(end**2)) > 10 ** (-35 / 20)
    desk.play(speech(6, -23))
    assert desk.alarms() == ()
