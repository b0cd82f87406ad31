"""Requests that wait for the live edge: who is released when, who is refused, how long anybody waits."""

import asyncio
from pathlib import Path

import pytest

from tests.media.hls.packaging import house
from tests.support.encoded import programme
from tests.support.hls_playlist import read
from tests.support.hls_rules import check


async def test_a_blocking_reload_is_released_by_the_part(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        units = programme(8.0)
        at = next(number for number, unit in enumerate(units) if unit.seconds > 4.3)
        await home.give(units[:at])
        playlist = read(await home.text("video.m3u8"))
        assert not playlist.items[-1].uri or len(playlist.items) == 2
        msn = len([item for item in playlist.items if item.uri])
        held = asyncio.create_task(home.text(f"video.m3u8?_HLS_msn={msn}&_HLS_part=1"))
        hinted = asyncio.create_task(home.bytes(playlist.hint))
        done, _ = await asyncio.wait({held, hinted}, timeout=0.3)
        assert not done
        for number in range(at, len(units), 5):
            await home.give(units[number : number + 5])
            if held.done():
                break
        last = check(await asyncio.wait_for(held, 2)).items[-1]
        assert (last.msn, len(last.parts)) == (msn, 2)
        assert last.parts[0][1] == playlist.hint
        assert await asyncio.wait_for(hinted, 2) == await home.bytes(playlist.hint)


async def test_a_part_behind_the_last_is_the_first_of_the_next_segment(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        units = programme(6.0)
        at = next(number for number, unit in enumerate(units) if unit.seconds >= 4.0)
        await home.give(units[:at])
        assert len(read(await home.text("video.m3u8")).items[-1].parts) == 4
        held = asyncio.create_task(home.text("video.m3u8?_HLS_msn=1&_HLS_part=4"))
        await home.give(units[at : at + 10])
        done, _ = await asyncio.wait({held}, timeout=0.2)
        assert not done
        await home.give(units[at + 10 :])
        items = check(await held).items
        assert items[2].parts


@pytest.mark.parametrize(
    "query",
    ["_HLS_part=1", "_HLS_msn=x", "_HLS_msn=-1", "_HLS_msn=1&_HLS_msn=2", "_HLS_msn=%F0%9F%98%80",
     "_HLS_msn=99", "_HLS_msn=2&_HLS_part=50", "_HLS_skip=maybe", "_HLS_msn=9999999999999999999"],
)  # fmt: skip
async def test_nonsense_is_refused_with_a_sentence(tmp_path: Path, query: str) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(5.0))
        response = await home.get(f"video.m3u8?{query}")
        assert response.status == 400
        assert (await response.text()).strip().endswith(".")
        assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_before_the_first_picture_a_player_is_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.hls.origin.HOLD_SECONDS", 0.05)
    async with house(tmp_path) as home:
        response = await home.get("main.m3u8")
        assert response.status == 503
        assert response.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    "query", ["_HLS_msn=0", "_HLS_msn=0&_HLS_part=0", "_HLS_msn=0&_HLS_part=999", "_HLS_msn=3&_HLS_part=1"]
)
async def test_what_is_there_already_is_answered_at_once(tmp_path: Path, query: str) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(15.0))
        assert len(check(await home.text(f"video.m3u8?{query}")).items) == 8


async def test_without_a_part_the_whole_segment_is_waited_for(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        units = programme(9.0)
        at = next(number for number, unit in enumerate(units) if unit.seconds > 5.0)
        await home.give(units[:at])
        held = asyncio.create_task(home.text("video.m3u8?_HLS_msn=2"))
        until = next(number for number, unit in enumerate(units) if unit.seconds > 5.9)
        await home.give(units[at:until])
        done, _ = await asyncio.wait({held}, timeout=0.2)
        assert not done
        await home.give(units[until:])
        items = check(await held).items
        assert items[2].uri


@pytest.mark.parametrize("path", ["video.m3u8?_HLS_msn=2&_HLS_part=3", "hint"])
async def test_a_dead_studio_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("media.hls.origin.HOLD_SECONDS", 0.05)
    async with house(tmp_path) as home:
        await home.give(programme(5.0))
        hint = read(await home.text("video.m3u8")).hint
        response = await home.get(hint if path == "hint" else path)
        assert response.status == 503
        assert response.headers["Retry-After"] == "1"
        assert response.headers["Cache-Control"] == "no-store"


async def test_no_more_wait_than_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.hls.edge.WAITING_LIMIT", 2)
    async with house(tmp_path) as home:
        units = programme(8.0)
        await home.give([unit for unit in units if unit.seconds < 4.5])
        waiting = [asyncio.create_task(home.get(f"video.m3u8?_HLS_msn={msn}")) for msn in (2, 3)]
        done, _ = await asyncio.wait(waiting, timeout=0.2)
        assert not done
        refused = await home.get("video.m3u8?_HLS_msn=3")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
        assert (await home.get("video.m3u8")).status == 200
        await home.give([unit for unit in units if unit.seconds >= 4.5])
        assert (await waiting[0]).status == 200


async def test_caches_keep_what_was_waited_for_longer_than_the_newest(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(5.0))
        controls = {
            query: (await home.get(f"video.m3u8{query}")).headers["Cache-Control"]
            for query in ("", "?_HLS_msn=1&_HLS_part=1", "?_HLS_skip=YES", "?_HLS_msn=99")
        }
        assert list(controls.values()) == [
            "public, max-age=1", "public, max-age=12", "public, max-age=1", "no-store",
        ]  # fmt: skip
