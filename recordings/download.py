"""What somebody gets who wants the recording as a file."""

from dataclasses import dataclass
from pathlib import Path

from recordings.index import read_index


@dataclass(frozen=True, slots=True)
class Download:
    """One MP4 file: send the first ``size`` bytes of ``path`` under ``name``."""

    path: Path
    name: str
    size: int
    """Up to the last whole fragment; a crash may have left half of one behind it."""


def downloads(directory: Path, title: str) -> list[Download]:
    """The files of a recording, in order; one unless there was a restart. Raises ``FileNotFoundError``."""
    files = [file for file in read_index(directory).files if file.fragments]
    return [
        Download(
            directory / file.name,
            f"{title}.mp4" if len(files) == 1 else f"{title}-part-{number}.mp4",
            file.fragments[-1].offset + file.fragments[-1].size,
        )
        for number, file in enumerate(files, start=1)
    ]
