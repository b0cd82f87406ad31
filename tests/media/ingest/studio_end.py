"""The studio's end of the feeds socket, with a desk that keeps what is handed in."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

import av
import numpy as np
from numpy.typing import NDArray

from media.clock import SystemClock
from media.control.feeds import FeedRefused
from media.programme.picture import copy
from media.sources.desk import FeedDesk
from media.sources.intake import FeedKind, Intake

DEADLINE = 40.0
V = TypeVar("V")


class RecordingIntake(Intake):
    """Keeps the newest pictures and some seconds of sound beside doing an intake's work."""

    def __init__(self, name: str, kind: FeedKind, label: str, changed: Callable[[], None]) -> None:
        super().__init__(name, kind, label, SystemClock())
        self.pictures: deque[av.VideoFrame] = deque(maxlen=100)
        self.sounds: deque[av.AudioFrame] = deque(maxlen=100)
        self.ending: str | None = None
        self._changed = changed

    def put_picture(self, frame: av.VideoFrame, at: float | None = None) -> bool:
        taken = super().put_picture(frame, at)
        # The pictures of a decoder lie in shared memory, which is not made to be hoarded.
        kept = copy(frame)
        kept.pts, kept.time_base, kept.colorspace = frame.pts, frame.time_base, frame.colorspace
        self.pictures.append(kept)
        self._changed()
        return taken

    def put_sound(self, frame: av.AudioFrame, at: float | None = None) -> bool:
        taken = super().put_sound(frame, at)
        self.sounds.append(frame)
        self._changed()
        return taken

    def gone(self, sentence: str) -> None:
        super().gone(sentence)
        self.ending = self.ending or sentence
        self._changed()

    def refused(self, sentence: str) -> None:
        super().refused(sentence)
        self.ending = self.ending or sentence
        self._changed()


class RecordingDesk(FeedDesk):
    """A desk whose intakes record. ``when`` waits for what decoder threads bring about."""

    def __init__(self) -> None:
        self.refusals: list[FeedRefused] = []
        super().__init__(SystemClock(), self.refusals.append)
        self.arrived: list[RecordingIntake] = []
        self.backlogs: list[bool] = []
        """Of each arrival, whether older things may come first."""
        self._evict: dict[str, Callable[[], None] | None] = {}
        self._loop = asyncio.get_running_loop()
        self._change = asyncio.Event()
        self._lock_arrivals = threading.Lock()

    def arrive(
        self,
        source: str,
        kind: FeedKind,
        label: str,
        evicted: Callable[[], None] | None = None,
        *,
        backlog: bool = False,
    ) -> RecordingIntake:
        intake = RecordingIntake(source, kind, label, self._changed)
        with self._lock_arrivals:
            self.arrived.append(intake)
            self.backlogs.append(backlog)
            previous = self._evict.get(source)
            self._evict[source] = evicted
        if previous is not None:
            previous()
        self._changed()
        return intake

    def leave(self, intake: Intake, sentence: str = "The feed ended.") -> None:
        with self._lock_arrivals:
            if intake is self.arrived[-1]:
                self._evict.pop(intake.name, None)
        super().leave(intake, sentence)

    async def when(self, look: Callable[[], V | None]) -> V:
        """The first true thing that ``look`` finds. Raises ``TimeoutError``."""
        async with asyncio.timeout(DEADLINE):
            while not (found := look()):
                await self._change.wait()
                self._change.clear()
        return found

    async def arrival(self, number: int = 0) -> RecordingIntake:
        """The first publisher that arrived, or the one after so many others."""
        return await self.when(lambda: self.arrived[number] if len(self.arrived) > number else None)

    def _changed(self) -> None:
        self._loop.call_soon_threadsafe(self._change.set)


def mean_colour(frame: av.VideoFrame) -> NDArray[np.float64]:
    """Red, green, blue of the middle of the picture, 0 to 255."""
    picture = frame.to_ndarray(format="rgb24")
    height, width, _ = picture.shape
    middle = picture[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4]
    return np.asarray(middle.reshape(-1, 3).mean(axis=0))


def tone(frames: list[av.AudioFrame]) -> float:
    """The strongest frequency in hertz."""
    samples = np.concatenate([_first_channel(frame) for frame in frames])
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * frames[0].sample_rate / len(samples))


def _first_channel(frame: av.AudioFrame) -> NDArray[np.float64]:
    data = frame.to_ndarray().astype(np.float64)
    return data[0] if frame.format.is_planar else data[0, :: len(frame.layout.channels)]
