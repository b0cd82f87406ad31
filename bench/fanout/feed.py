"""The programme: 720p25 at 2 Mbit/s and Opus, encoded once, played in real time as a studio does."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Protocol

from bench.scenery import RATE, scene, voice
from media.access_unit import AccessUnit, Track
from media.relay import h264

EPOCH_MS = 1_790_000_000_000
BITS, SMALL_BITS = 2_000_000, 600_000
SOUNDS = 2
"""Opus frames in one tick of 40 ms."""


class Output(Protocol):
    """Where a feed goes."""

    def tick(self, units: Sequence[AccessUnit]) -> None:
        """The sound and the picture of one tick, in the order of the bus."""


class Feed:
    """``play`` some seconds, rest, and play on: numbers and time stamps go on without a gap."""

    def __init__(self, *, small: bool = False) -> None:
        """``small``: with a 360p rendition beside it."""
        self._pictures = scene(1280, 720, BITS)
        self._small = scene(640, 360, SMALL_BITS) if small else []
        self._sounds = voice(1)
        self._number = 0
        self.begun = asyncio.Event()
        """Set with the first tick."""
        self.packets = 0
        """RTP packets of video in what was played last."""
        self._digests = {"video": hashlib.sha256(), "audio": hashlib.sha256()}

    async def play(self, seconds: float, output: Output) -> int:
        """Play so long; how many pictures that was. A whole number of seconds begins with a key picture."""
        loop = asyncio.get_running_loop()
        begun, pictures = loop.time(), round(seconds * RATE)
        self.packets = 0
        self._digests = {"video": hashlib.sha256(), "audio": hashlib.sha256()}
        for number in range(pictures):
            await asyncio.sleep(max(0.0, begun + number / RATE - loop.time()))
            units = self._tick(self._number)
            self._account(units)
            output.tick(units)
            self.begun.set()
            self._number += 1
        await asyncio.sleep(max(0.0, begun + pictures / RATE - loop.time()))
        return pictures

    async def complete(self, output: Output) -> None:
        """Play to the end of the second that was broken off."""
        rest = -self._number % RATE
        if rest:
            await self.play(rest / RATE, output)

    def digest(self, kind: str) -> str:
        """Of all payloads of that kind that were played last."""
        return self._digests[kind].hexdigest()

    def _tick(self, number: int) -> list[AccessUnit]:
        units = [
            self._unit(Track.OPUS, sound, 960, self._sounds[sound % len(self._sounds)], key=True)
            for sound in range(number * SOUNDS, (number + 1) * SOUNDS)
        ]
        for track, pictures in ((Track.VIDEO_360, self._small), (Track.VIDEO_720, self._pictures)):
            if pictures:
                data = pictures[number % len(pictures)]
                units.append(self._unit(track, number, 3600, data, key=number % RATE == 0))
        return units

    def _unit(self, track: Track, number: int, duration: int, data: bytes, *, key: bool) -> AccessUnit:
        return AccessUnit(track, 1, number, EPOCH_MS, number * duration, duration, key, data)

    def _account(self, units: Sequence[AccessUnit]) -> None:
        for unit in units:
            if unit.track is Track.VIDEO_720:
                payloads = h264.payloads(unit.data)
                self.packets += len(payloads)
                for payload in payloads:
                    self._digests["video"].update(payload)
            elif unit.track is Track.OPUS:
                self._digests["audio"].update(unit.data)
