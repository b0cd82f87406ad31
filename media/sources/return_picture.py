"""The picture a participant of a private session sees. It begins dark and is dark again when they are out."""

import asyncio
from fractions import Fraction

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

VIDEO_CLOCK = 90_000


class ReturnPicture(MediaStreamTrack):
    """Given one picture at a time on the event loop's thread; only the newest waits."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._next: av.VideoFrame | None = None
        self._given = asyncio.Event()
        self._begun: float | None = None

    def offer(self, frame: av.VideoFrame) -> None:
        """Hand over a picture that nobody else writes to. Never blocks."""
        self._next = frame
        self._given.set()

    def clear(self) -> None:
        """Forget what waits."""
        self._next = None

    def stop(self) -> None:
        """End; who waits in ``recv`` is let go."""
        super().stop()
        self._given.set()

    async def recv(self) -> av.VideoFrame:
        """The next picture. Raises ``MediaStreamError`` after the end."""
        while self._next is None and self.readyState == "live":
            self._given.clear()
            await self._given.wait()
        frame, self._next = self._next, None
        if self.readyState != "live" or frame is None:
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        self._begun = now if self._begun is None else self._begun
        frame.pts = round((now - self._begun) * VIDEO_CLOCK)
        frame.time_base = Fraction(1, VIDEO_CLOCK)
        return frame
