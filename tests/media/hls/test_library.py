"""What is in memory of a long meeting: its last seconds, however long it lasts."""

import random
from pathlib import Path
from urllib.parse import quote

import pytest

from media.hls.library import Library
from media.hls.playlist import file_name
from media.hls.window import RECENT_SEGMENTS, Rendition
from tests.media.hls.packaging import house
from tests.support.encoded import colour_at, looks_like, pictures, programme
from tests.support.hls_rules import check
from tests.support.hls_window import PARTS, Growing

RENDITIONS = (Rendition.VIDEO, Rendition.SMALL, Rendition.AUDIO)


def held(library: Library, names: list[str]) -> int:
    return sum(len(library.memory(name) or b"") for name in names)


def test_memory_holds_the_last_segments_only() -> None:
    house = Growing(window_seconds=86_400)
    library = Library(house.window)
    names: list[str] = []
    sizes = []
    for number in range(200):
        house.begin()
        for part in range(len(PARTS)):
            made = house.part(part)
            library.add_part(made)
            names += [file_name(made.name, rendition) for rendition in RENDITIONS]
        completed = house.window.complete()
        assert completed is not None
        library.add_segment(*completed)
        library.stored(completed[0])
        names += [file_name(completed[0].name, rendition) for rendition in RENDITIONS]
        if number % 50 == 49:
            sizes.append(held(library, names))
    assert len(set(sizes)) == 1
    assert sizes[0] <= 2 * RECENT_SEGMENTS * len(PARTS) * 1500
    first = house.window.segments[0]
    assert library.memory(file_name(first.name, Rendition.VIDEO)) is None
    assert library.on_disk(file_name(first.name, Rendition.VIDEO))


async def test_the_first_second_can_be_had_to_the_end(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        for start in range(0, 40, 4):
            await home.give([unit for unit in programme(40.0) if start <= unit.seconds < start + 4])
        playlist = check(await home.text("video.m3u8"))
        assert len(playlist.items) == 20
        data = await home.bytes(playlist.map) + await home.bytes(playlist.items[0].uri)
        seen = list(pictures(data))
        assert [round(at * 25) for at, _ in seen] == list(range(50))
        assert all(looks_like(colour, colour_at(at)) for at, colour in seen)


ODD = ["", "0", "-1", "1e3", "0x10", "٣", "99999999999", "null", "1.5", "%00", "\n", "YES", "v2", "2", "3"]


async def test_whatever_is_asked_is_answered_or_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.hls.origin.HOLD_SECONDS", 0.02)
    chance = random.Random(8216)
    async with house(tmp_path) as home:
        await home.give(programme(5.0))
        for _ in range(150):
            asked = [
                f"_HLS_{chance.choice(('msn', 'part', 'skip', 'push'))}={quote(chance.choice(ODD))}"
                for _ in range(chance.randint(1, 4))
            ]
            response = await home.get(f"video.m3u8?{'&'.join(asked)}")
            assert response.status in (200, 400, 503), asked
            assert response.status != 503 or response.headers["Retry-After"], asked
            if response.status == 400:
                assert (await response.text()).strip().endswith("."), asked
        assert (await home.get("video.m3u8")).status == 200
