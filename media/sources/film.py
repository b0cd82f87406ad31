"""A media file played in a loop, at its own pace. Runs in the decoder process, never in the studio."""

import time
from typing import cast

import av
from av.error import FFmpegError

from media.clock import Clock
from media.sources.stream import Sink, StreamRefused

LONGEST_PAUSE = 1.0
"""Seconds between two frames, whatever the file says."""


class Film:
    """``fd``: the open file. libavformat gets no name, so that it opens nothing else."""

    def __init__(self, fd: int, sink: Sink, clock: Clock) -> None:
        self._fd = fd
        self._sink = sink
        self._clock = clock

    def play(self) -> None:
        """For ever. Raises ``StreamRefused`` for what has neither picture nor sound."""
        with open(self._fd, "rb") as file:  # noqa: PTH123  a descriptor, not a path
            while True:
                file.seek(0)
                try:
                    with av.open(cast("str", file)) as container:
                        self._once(container)
                except FFmpegError as error:
                    raise StreamRefused(f"The file cannot be played: {error.strerror}.") from error

    def _once(self, container: av.container.InputContainer) -> None:
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        if not streams:
            raise StreamRefused("The file has neither picture nor sound.")
        self._sink.begun()
        begin = self._clock.monotonic()
        first: float | None = None
        for frame in container.decode(streams):
            if not isinstance(frame, av.VideoFrame | av.AudioFrame):
                continue
            at = frame.time or 0.0
            first = at if first is None else first
            wait = begin + at - first - self._clock.monotonic()
            time.sleep(min(max(0.0, wait), LONGEST_PAUSE))
            if isinstance(frame, av.VideoFrame):
                shape = container.streams.video[0].codec_context.sample_aspect_ratio
                self._sink.picture(frame, float(shape or 1), begin + at - first)
            else:
                self._sink.sound(frame, begin + at - first)
            self._sink.progress(0, 0, 0)
        if first is None:
            raise StreamRefused("The file has neither picture nor sound.")
