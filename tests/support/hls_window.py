"""A rewind window that grows without media: sizes, names and times as a packager would have them."""

from media.formats.fragmenter import Fragment
from media.formats.h264 import ParameterSets
from media.hls.segmenter import SegmentStart
from media.hls.window import Format, Part, Segment, Window

SETS = ParameterSets(b"\x67\x42\xc0\x1f", b"\x68")
EPOCH_MS = 1_700_000_000_000
FULL = Format("init-full.mp4", "avc1.42c01f", 1280, 720, 25.0)
SMALL = Format("init-small.mp4", "avc1.42c01e", 640, 360, 25.0)
PARTS = (0.52, 0.48, 0.52, 0.48)


class Growing:
    """Segments of two seconds, four parts each."""

    def __init__(self, window_seconds: float = 7200.0, language: str | None = None) -> None:
        self.window = Window(window_seconds, "run1", language=language)
        self._at = 0

    def segments(self, count: int, *, small: bool = True) -> list[Segment]:
        """So many, complete. Those that left the window."""
        gone = []
        for _ in range(count):
            self.begin(small=small)
            for number in range(len(PARTS)):
                self.part(number, small=small)
            self.window.complete()
            gone += self.window.prune()
        return gone

    def begin(self, *, discontinuity: bool = False, small: bool = True) -> None:
        """Open a segment."""
        start = SegmentStart(SETS, 0xA1, EPOCH_MS, self._at, 25.0, discontinuity, SETS if small else None)
        self.window.begin(start, FULL, SMALL if small else None)

    def part(self, number: int, *, small: bool = True) -> Part:
        """Its next part."""
        end = self._at + round(PARTS[number] * 90_000)
        part = self.window.add(
            Fragment(
                b"v" * 1000,
                b"a" * 100,
                self._at,
                end,
                key=number % 2 == 0,
                small=b"s" * 400 if small else b"",
            )
        )
        self._at = end
        return part

    def away(self, seconds: float) -> None:
        """The studio is started again: the segment ends, and time goes on without pictures."""
        self.window.complete()
        self._at += round(seconds * 90_000)
