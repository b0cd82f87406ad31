"""The recorder's files. Every method blocks on the disk: call them from a thread, one at a time."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from media.formats.cmaf import init_segment
from media.formats.recording_index import (
    INDEX_NAME,
    FileLine,
    FragmentLine,
    Line,
    decode_lines,
    encode_line,
)
from media.recorder.captions import CaptionsFile
from media.recorder.cutter import Cut, FileHead
from media.recorder.tape import Tape

TORN_NAME = "index.torn"
"""Whole lines that could not be read are put here before they leave the index."""


class RecordingDirectory:
    """``programme-0001.mp4`` and on, with ``index.jsonl`` beside them, and ``interpreted-0001.mp4`` and on.

    ``captions.vtt`` is there once anything was said as text.

    Opening cuts off the index line a crash tore; media files are never shortened and never reopened.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._index, self.lines = self._open_index()
        self._captions = CaptionsFile(directory)
        numbers = [int(path.stem.rpartition("-")[2]) for path in directory.glob("programme-[0-9]*.mp4")]
        self._number = max(numbers, default=0)
        self._head: FileHead | None = None
        self._media: Tape | None = None
        self._sound: Tape | None = None
        self._name = ""

    def append(self, cut: Cut) -> list[Line]:
        """Put a fragment on disk, then its line. A new head opens a new file.

        Raises ``OSError``, and may be repeated then. Returns the lines that were written to the index.
        """
        lines: list[Line] = []
        if self._media is None or cut.head is not self._head:
            lines.append(self._open_media(cut.head))
        tape = self._media
        if tape is None:  # pragma: no cover  _open_media has just set it
            raise OSError("No file is open")
        fragment, sound = cut.fragment, self._sound
        mark, sound_mark = tape.end, sound.end if sound is not None else 0
        line = FragmentLine(
            self._name,
            mark,
            len(fragment.data),
            fragment.seconds,
            fragment.duration,
            fragment.key,
            sound_mark,
            len(fragment.interpreted) if sound is not None else 0,
            fragment.with_interpreter,
        )
        try:
            tape.append(fragment.data)
            if sound is not None:
                sound.append(fragment.interpreted)
            self._captions.append(cut.captions)
            self._index.append(encode_line(line))
        except OSError:
            tape.take_back(mark)
            if sound is not None:
                sound.take_back(sound_mark)
            raise
        return [*lines, line]

    def close(self) -> None:
        """Close all files."""
        self._close_media()
        self._captions.close()
        self._index.close()

    def _close_media(self) -> None:
        for tape in (self._media, self._sound):
            if tape is not None:
                tape.close()
        self._media = self._sound = None

    def _open_media(self, head: FileHead) -> FileLine:
        self._close_media()
        name = f"programme-{self._number + 1:04d}.mp4"
        line = FileLine(
            name,
            len(head.init),
            head.session,
            head.epoch_ms,
            head.codecs,
            head.width,
            head.height,
            captions=head.captions or "",
        )
        begun = [(name, head.init)]
        if head.language is not None:
            sound_init, sound_name = init_segment(None), f"interpreted-{self._number + 1:04d}.mp4"
            line = replace(
                line, language=head.language, sound_file=sound_name, sound_init_size=len(sound_init)
            )
            begun.append((sound_name, sound_init))
        tapes = self._begin(begun, line)
        self._number += 1
        self._media, self._head, self._name = tapes[0], head, name
        self._sound = tapes[1] if len(tapes) > 1 else None
        return line

    def _begin(self, begun: list[tuple[str, bytes]], line: FileLine) -> list[Tape]:
        """Make files that begin with these bytes, and note them. Raises ``OSError``; then there are none."""
        tapes: list[Tape] = []
        try:
            for name, init in begun:
                tapes.append(Tape(self._directory / name))
                tapes[-1].append(init)
            self._sync_directory()
            self._index.append(encode_line(line))
        except OSError:
            for tape in tapes:
                tape.close()
            for name, _ in begun:
                with suppress(OSError):
                    (self._directory / name).unlink(missing_ok=True)
            raise
        return tapes

    def _open_index(self) -> tuple[Tape, list[Line]]:
        path = self._directory / INDEX_NAME
        data = path.read_bytes() if path.exists() else b""
        lines, good = decode_lines(data)
        if b"\n" in data[good:]:
            (self._directory / TORN_NAME).write_bytes(data[good:])
        if good < len(data):
            os.truncate(path, good)
        tape = Tape(path, good)
        self._sync_directory()
        return tape, lines

    def _sync_directory(self) -> None:
        handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
