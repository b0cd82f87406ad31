import json
from pathlib import Path

from media.studio.epoch import epoch_path, next_start, read_epoch, write_epoch
from tests.media.studio.fakes import FakeClock


def test_the_epoch_is_written_once_and_read_again(tmp_path: Path) -> None:
    clock = FakeClock()
    path = epoch_path(tmp_path / "meeting" / "gate.journal")
    assert read_epoch(path) is None
    epoch = write_epoch(path, clock)
    assert epoch == round(clock.wall() * 1000) - 900
    clock.advance(60)
    assert read_epoch(path) == epoch
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_epoch_is_none(tmp_path: Path) -> None:
    for text in ("", "{", json.dumps([1]), json.dumps({"epoch_ms": "soon"})):
        (tmp_path / "x").write_text(text)
        assert read_epoch(tmp_path / "x") is None


def test_a_start_is_the_next_whole_group() -> None:
    epoch = 1_000_000
    for elapsed, index, wait in ((0.9, 25, 0.1), (1.0, 50, 1.0), (61.3, 62 * 25, 0.7)):
        start = next_start(epoch, epoch / 1000 + elapsed)
        assert start.index == index
        assert abs(start.wait - wait) < 1e-6
