"""A still out of a recording, for its page while nobody has pressed play."""

import io
from dataclasses import dataclass
from pathlib import Path

from media.formats.recording_index import FragmentLine
from recordings.timeline import ROUNDING, Run, Timeline

MOST_PIXELS_WIDE = 1280
JPEG_QUALITY = 80


class NoStillError(Exception):
    """The picture at that moment cannot be read. The message says which file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the picture of a moment is: a fragment that begins with a key picture."""

    run: Run
    fragment: FragmentLine


def find_place(timeline: Timeline, playback: float) -> Place | None:
    """The last key picture at or before a moment of playback, or the first there is."""
    found: Place | None = None
    for run in timeline.runs:
        at = run.playback
        for fragment in run.fragments:
            if found is not None and at > playback + ROUNDING:
                return found
            if fragment.key:
                found = Place(run, fragment)
            at += fragment.duration
    return found


def still(directory: Path, place: Place) -> bytes:
    """JPEG, 1280 pixels wide at most. Blocks on disk and decoder. Raises ``NoStillError``."""
    # The hub starts without codecs; this is the only thing in it that needs them.
    import av
    from PIL import Image

    head = place.run.file.head
    try:
        with (directory / place.run.file.name).open("rb") as media:
            init = media.read(head.init_size)
            media.seek(place.fragment.offset)
            data = init + media.read(place.fragment.size)
        with av.open(io.BytesIO(data), "r", format="mp4") as container:
            frame = next(container.decode(video=0))
    except (OSError, StopIteration, av.error.FFmpegError) as error:
        raise NoStillError(f"{place.run.file.name}: {error}") from error
    width = min(MOST_PIXELS_WIDE, frame.width)
    height = frame.height * width // frame.width
    rgb = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=JPEG_QUALITY)
    return file.getvalue()
