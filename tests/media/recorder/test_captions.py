"""``captions.vtt`` on disk: every line once, whatever dies."""

import errno
from pathlib import Path

import pytest

from media.formats.webvtt import Cue, read
from media.recorder.captions import CaptionsFile
from media.recorder.tape import Tape


def cue(number: int) -> Cue:
    return Cue(number * 90_000, (number + 2) * 90_000, f"Line {number}.", f"000000a1-{number}")


def kept(directory: Path) -> list[Cue]:
    return read((directory / "captions.vtt").read_text())


def write(directory: Path, *numbers: int) -> None:
    file = CaptionsFile(directory)
    file.append([cue(number) for number in numbers])
    file.close()


def test_there_is_no_file_before_the_first_line(tmp_path: Path) -> None:
    write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_restarted_recorder_writes_again_only_what_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, 1, 2)
    write(tmp_path, 2, 3)
    assert kept(tmp_path) == [cue(1), cue(2), cue(3)]
    assert (tmp_path / "captions.vtt").read_text().startswith("WEBVTT\n\n000000a1-1\n00:00:01.000 --> ")


def test_wherever_a_crash_tore_it_all_is_there_in_the_end(tmp_path: Path) -> None:
    write(tmp_path, 1, 2)
    whole = (tmp_path / "captions.vtt").read_bytes()
    for size in range(len(whole) + 1):
        (tmp_path / "captions.vtt").write_bytes(whole[:size])
        write(tmp_path, 1, 2, 3)
        assert kept(tmp_path) == [cue(1), cue(2), cue(3)], size
        assert (tmp_path / "captions.vtt").read_text().startswith("WEBVTT\n\n")


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = CaptionsFile(tmp_path)
    file.append([cue(1)])
    with monkeypatch.context() as full:

        def refuse(self: Tape, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr(Tape, "append", refuse)
        with pytest.raises(OSError, match="No space"):
            file.append([cue(2)])
    file.append([cue(2), cue(3)])
    file.close()
    assert kept(tmp_path) == [cue(1), cue(2), cue(3)]
