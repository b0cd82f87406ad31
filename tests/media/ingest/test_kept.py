"""What is kept of a stream for a studio that takes it over in the middle."""

import io
import random

import av
import pytest

from media.ingest import kept
from media.ingest.kept import Kept
from media.sources.nut import SYNC_POINT, head_of
from tests.media.ingest.test_feeds import moving


def pictures(stream: bytes) -> int:
    """How many packets of pictures a demuxer finds."""
    with av.open(io.BytesIO(stream), "r", format="nut") as container:
        return len([packet for packet in container.demux(video=0) if packet.size])


@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
def test_nothing_of_a_short_stream_is_missing(size: int) -> None:
    stream, keeping = moving(pictures=10), Kept()
    for at in range(0, len(stream), size):
        keeping.put(stream[at : at + size], 0.0)
        assert keeping.begin() == stream[: at + size]


def test_of_a_long_one_the_head_and_the_newest_seconds_are_kept() -> None:
    stream, keeping, choose = moving("320x240", 300, "-g", "25"), Kept(), random.Random(3)
    at = 0
    while at < len(stream):
        more = choose.randrange(1, 9000)
        keeping.put(stream[at : at + more], 12.0 * at / len(stream))
        at += more
    begun = keeping.begin()
    head = head_of(stream)
    assert begun.startswith(head + SYNC_POINT)
    assert stream.endswith(begun[len(head) :])
    assert pictures(begun) == pytest.approx(150, abs=30)


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "BYTES", 50_000)
    stream, keeping = moving("320x240", 100, "-g", "5"), Kept()
    assert len(stream) > 100_000
    for at in range(0, len(stream), 1000):
        keeping.put(stream[at : at + 1000], 0.0)
        assert len(keeping.begin()) < 120_000
    assert pictures(keeping.begin()) > 5


def test_what_has_no_sync_points_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "BYTES", 50_000)
    keeping = Kept()
    for _ in range(100):
        keeping.put(bytes(1000), 0.0)
        assert len(keeping.begin()) <= 50_000
    assert keeping.begin() == b"", "nobody could go on with it"
