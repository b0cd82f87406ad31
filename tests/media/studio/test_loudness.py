"""Speech as the public hear it: through the mixer, the limiter and the codecs, measured by ffmpeg's meter."""

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest

from media.access_unit import AccessUnit, Track
from media.sources.intake import Intake
from media.sources.sound import RATE, Sound
from media.studio.encoder import SoundEncoder, Stamper
from tests.media.programme.speech import BLOCK, blocks, noise
from tests.media.programme.test_loudness import ffmpeg_loudness
from tests.media.studio.test_encoder import decode_both
from tests.media.studio.test_ticker import Bench
from tests.support.voices import ENGLISH, WELSH, reading

MINUTE = 60
TARGET, TOLERANCE = -23.0, 1.0
"""LUFS and LU of a minute of speech: EBU R 128."""
QUIET, LOUD, ROOM = -41.0, -11.0, -60.0
"""LUFS as they come; the last is what the chamber's ventilation does all the time."""


class Programme:
    """A studio of which nothing but the sound is made and encoded, on a driven clock."""

    def __init__(self, directory: Path) -> None:
        self.bench = Bench(directory, asyncio.get_running_loop())
        self._encoder = SoundEncoder(Stamper(1, 0))
        self._position = 0

    def play(self, sounds: dict[Intake, Sound]) -> list[AccessUnit]:
        """Everybody sends this at once, each as much; what the public get of it."""
        units: list[AccessUnit] = []
        production = self.bench.production
        for pieces in zip(*map(blocks, sounds.values()), strict=True):
            for intake, piece in zip(sounds, pieces, strict=True):
                frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), "flt", "stereo")
                frame.sample_rate = RATE
                intake.put_sound(frame)
            made = production.sound(production.begin())
            units += self._encoder.encode(made.public, self._position)
            self._position += BLOCK
            self.bench.clock.advance(BLOCK / RATE)
        return units


def loudness(track: Track, units: list[AccessUnit]) -> float:
    """LUFS, decoded as a player does."""
    sound = decode_both(track, [unit for unit in units if unit.track is track])
    assert abs(len(sound) / RATE - MINUTE) < 0.1
    return ffmpeg_loudness(sound.astype(np.float32))[0]


async def test_a_minute_of_a_quiet_and_of_a_loud_speaker_are_at_the_target(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    desk = programme.bench.desk
    chamber = desk.arrive("chamber", "whip", "Encoder")
    sam, lee = (desk.arrive(name, "speaker", name) for name in ("sam", "lee"))
    programme.bench.director.put_on_air(["sam", "lee"])
    await programme.bench.open()
    room, nothing = noise(MINUTE, ROOM), np.zeros((MINUTE * RATE, 2), np.float32)
    quiet = reading(MINUTE, QUIET, ENGLISH)
    loud = np.clip(reading(MINUTE, LOUD, WELSH, "cy", pace=190), -1, 1)
    for speaking in ({sam: quiet, lee: nothing}, {sam: nothing, lee: loud}):
        units = programme.play({chamber: room, **speaking})
        for track in (Track.OPUS, Track.AAC):
            assert loudness(track, units) == pytest.approx(TARGET, abs=TOLERANCE), track
