"""The whole packager over HTTP: a growing playlist, blocking reload, restart, the end."""

import asyncio
from pathlib import Path

import m3u8
import pytest

from media.control.channel import ControlClient
from media.control.recorder import FinishPackaging, GetPackagerStatus, PackagerChanged
from media.hls.store import SegmentStore
from media.hls.window import Rendition, Segment
from tests.media.hls.packaging import house
from tests.support.encoded import (
    EPOCH_MS,
    SIZES,
    colour_at,
    interpreted,
    looks_like,
    loudness,
    pictures,
    programme,
    size,
    two_sizes,
)
from tests.support.hls_playlist import read
from tests.support.hls_rules import check, check_delta, check_multivariant, check_renditions, check_row
from tests.support.waiting import connected, until_async


async def test_a_growing_playlist_keeps_all_rules(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        units = programme(26.0)
        await home.give(units[:160])
        for rendition in ("video", "audio"):
            texts = []
            if rendition == "video":
                for start in range(160, len(units), 17):
                    await home.give(units[start : start + 17])
                    texts.append(await home.text("video.m3u8"))
                    parsed = m3u8.loads(texts[-1])
                    assert parsed.server_control.can_block_reload == "YES"
                    assert parsed.preload_hint.hint_type == "PART"
            texts.append(await home.text(f"{rendition}.m3u8"))
            row = check_row(texts)
        assert len(row[-1].items) == 13


async def test_the_pictures_and_the_sound_are_those_of_the_programme(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(9.0))
        main = m3u8.loads(await home.text("main.m3u8"))
        variant, alone = main.playlists
        assert (alone.uri, alone.stream_info.codecs) == ("audio.m3u8", "mp4a.40.2")
        assert alone.stream_info.resolution is None
        assert variant.stream_info.resolution == (320, 180)
        assert variant.stream_info.frame_rate == 25.0
        assert variant.stream_info.codecs.startswith("avc1.42c0")
        assert variant.stream_info.codecs.endswith(",mp4a.40.2")
        playlist = check(await home.text(variant.uri))
        data = await home.bytes(playlist.map)
        for item in playlist.items:
            data += await home.bytes(item.uri) if item.uri else b""
            for _, uri, _ in item.parts:
                data += b"" if item.uri else await home.bytes(uri)
        seen = list(pictures(data))
        assert len(seen) == 9 * 25
        assert all(looks_like(colour, colour_at(seconds)) for seconds, colour in seen)
        first = playlist.items[0]
        assert first.date is not None
        assert round(first.date.timestamp() * 1000) == EPOCH_MS
        assert first.parts == []
        sound = check(await home.text("audio.m3u8"))
        data = await home.bytes(sound.map) + b"".join(
            [await home.bytes(item.uri) for item in sound.items if item.uri]
        )
        level, pitch = loudness(data)
        assert level > 0.2
        assert abs(pitch - 440) < 3


@pytest.mark.parametrize("language", [None, "cy"])
async def test_the_small_rendition_is_the_same_programme(tmp_path: Path, language: str | None) -> None:
    async with house(tmp_path, language=language) as home:
        await home.give(two_sizes(9.0))
        main = m3u8.loads(await home.text("main.m3u8"))
        full, small, _ = main.playlists
        assert [one.uri for one in main.playlists] == ["video.m3u8", "video-360.m3u8", "audio.m3u8"]
        assert (full.stream_info.resolution, small.stream_info.resolution) == SIZES
        assert small.stream_info.frame_rate == 25.0
        assert small.stream_info.codecs.startswith("avc1.42c0")
        assert {one.stream_info.audio for one in main.playlists} == {"sound" if language else None}
        promised = [one.stream_info.bandwidth for one in main.playlists]
        assert promised == sorted(promised, reverse=True)
        texts = {one.uri: await home.text(one.uri) for one in main.playlists}
        if language is not None:
            texts["interpreted.m3u8"] = await home.text("interpreted.m3u8")
        playlists = check_renditions(texts)
        check_multivariant(await home.text("main.m3u8"))
        playlist = playlists["video-360.m3u8"]
        head = data = await home.bytes(playlist.map)
        for item in playlist.items:
            data += await home.bytes(item.uri) if item.uri else b""
            parts = [await home.bytes(uri) for _, uri, _ in item.parts]
            data += b"" if item.uri else b"".join(parts)
            if item.parts and item.uri:
                assert b"".join(parts) == await home.bytes(item.uri)
        seen = list(pictures(data))
        assert [round(seconds * 25) for seconds, _ in seen] == list(range(9 * 25))
        assert all(looks_like(colour, colour_at(seconds)) for seconds, colour in seen)
        assert size(data) == SIZES[1]
        if language is None:
            assert loudness(data)[1] == pytest.approx(440, abs=5)
        else:
            assert b"mp4a" not in head
        item = playlist.items[1]
        rate = len(await home.bytes(item.uri)) * 8 / item.duration
        assert rate <= small.stream_info.bandwidth


async def test_a_restart_keeps_the_small_rendition(tmp_path: Path) -> None:
    units = two_sizes(16.0)
    at = next(number for number, unit in enumerate(units) if unit.seconds > 8.9)
    async with house(tmp_path, "run1") as home:
        await home.give(units[:at])
        before = check(await home.text("video-360.m3u8"))
    async with house(tmp_path, "run2") as home:
        await home.give([unit for unit in units if unit.seconds >= 9.0])
        after = check(await home.text("video-360.m3u8"))
        assert [item.uri for item in after.items][:4] == [item.uri for item in before.items][:4]
        data = await home.bytes(after.map)
        for item in after.items:
            data += await home.bytes(item.uri) if item.uri else b""
        seen = list(pictures(data))
        assert len(seen) > 14 * 25
        assert all(looks_like(colour, colour_at(seconds)) for seconds, colour in seen)


async def test_a_studio_that_comes_back_without_the_small_rendition_leaves_gaps_in_it(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give([*two_sizes(5.0), *programme(9.0, start=7.0, session=0xB2)])
        assert [one.uri for one in m3u8.loads(await home.text("main.m3u8")).playlists] == [
            "video.m3u8",
            "audio.m3u8",
        ]
        small, full = check(await home.text("video-360.m3u8")), check(await home.text("video.m3u8"))
        assert [item.gap for item in small.items if item.uri] == [
            item.date is not None and item.date.timestamp() * 1000 > EPOCH_MS + 6000
            for item in small.items
            if item.uri
        ]
        assert [item.duration for item in small.items] == [item.duration for item in full.items]
        assert not any(item.gap for item in full.items)
        hinted = asyncio.create_task(home.get(small.hint))
        await home.give([unit for unit in programme(12.0, start=7.0, session=0xB2) if unit.seconds > 15.9])
        assert (await hinted).status == 404


async def test_without_a_small_rendition_there_is_no_playlist_of_it(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(5.0))
        assert (await home.get("video-360.m3u8")).status == 404
        assert set(check(await home.text("video.m3u8")).reports) == {"audio.m3u8"}


async def test_parts_joined_are_the_segment(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(5.0))
        playlist = check(await home.text("video.m3u8"))
        item = playlist.items[1]
        parts = [await home.bytes(uri) for _, uri, _ in item.parts]
        assert len(parts) == 4
        assert b"".join(parts) == await home.bytes(item.uri)


async def test_a_delta_update_leaves_out_what_the_player_has(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(30.0))
        for playlist in ("video.m3u8", "audio.m3u8"):
            whole, delta = await home.text(playlist), await home.text(f"{playlist}?_HLS_skip=YES")
            assert check_delta(whole, delta).skipped > 5
            assert await home.text(f"{playlist}?_HLS_skip=v2") == delta


async def test_headers(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(30.0))
        playlist = await home.get("video.m3u8")
        assert playlist.headers["Cache-Control"] == "public, max-age=1"
        assert playlist.headers["Content-Type"] == "application/vnd.apple.mpegurl"
        assert playlist.headers["Content-Encoding"] == "gzip"
        for name in (
            read(await playlist.text()).items[0].uri,
            read(await playlist.text()).hint.replace("-p", "-q"),
        ):
            response = await home.get(name)
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert ("immutable" in response.headers["Cache-Control"]) == (response.status == 200)
        for path in ("nothing.m4s", "..%2Fc.sock", "window.jsonl"):
            assert (await home.get(path)).status == 404


async def test_the_window_slides_and_its_files_go(tmp_path: Path) -> None:
    async with house(tmp_path, window_seconds=14) as home:
        await home.give(programme(12.0))
        first = read(await home.text("video.m3u8"))
        await home.give([unit for unit in programme(40.0) if unit.seconds >= 12.0])
        later = read(await home.text("video.m3u8"))
        assert int(later.header["MEDIA-SEQUENCE"]) > 8
        assert (await home.get(first.items[0].uri)).status == 404
        assert (await home.get(later.items[0].uri)).status == 200
    assert len(list((tmp_path / "window").glob("v-*-*-*.m4s"))) <= 9


async def test_a_restart_goes_on_with_the_next_segment(tmp_path: Path) -> None:
    units = programme(16.0)
    at = next(number for number, unit in enumerate(units) if unit.seconds > 8.9)
    async with house(tmp_path, "run1") as home:
        await home.give(units[:at])
        before = read(await home.text("video.m3u8"))
    async with house(tmp_path, "run2") as home:
        again = read(await home.text("video.m3u8"))
        assert [item.uri for item in again.items][:4] == [item.uri for item in before.items][:4]
        await home.give([unit for unit in units if unit.seconds >= 9.0])
        after = check(await home.text("video.m3u8"))
        new = [item for item in after.items if "run2" in item.uri]
        assert new[0].discontinuity
        assert new[0].msn == len(again.items)
        data = await home.bytes(after.map)
        for item in after.items:
            data += await home.bytes(item.uri) if item.uri else b""
        seen = list(pictures(data))
        assert all(looks_like(colour, colour_at(seconds)) for seconds, colour in seen)
        assert len({round(seconds * 25) for seconds, _ in seen}) == len(seen)


async def test_a_segment_that_a_crash_cut_off_is_a_gap_of_the_same_name(tmp_path: Path) -> None:
    """The list on disk is as a crash leaves it: the last segment began and was never completed."""
    units = programme(16.0)
    at = next(number for number, unit in enumerate(units) if unit.seconds > 8.9)
    async with house(tmp_path, "run1") as home:
        await home.give(units[:at])
        before = check(await home.text("video.m3u8")).items
    index = tmp_path / "window" / "window.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    assert b'"gap":false' in lines[-1]
    index.write_bytes(b"".join(lines[:-1]) + b'{"msn":')
    async with house(tmp_path, "run2") as home:
        await home.give([unit for unit in units if unit.seconds >= 10.0])
        after = check(await home.text("video.m3u8")).items
        growing = before[-1].msn
        assert [item.uri for item in after[:growing]] == [item.uri for item in before[:growing]]
        assert after[growing].gap
        told = sum(seconds for seconds, _, _ in before[-1].parts)
        assert 0 < told <= after[growing].duration < told + 0.5, "as long as its parts: none must find a hole"
        assert after[growing].discontinuity == before[growing].discontinuity
        assert after[growing + 1].discontinuity


async def test_what_the_disk_did_not_take_becomes_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is the outside here: it refuses one segment by the errno a full one gives."""
    real = SegmentStore.save

    def save(self: SegmentStore, segment: Segment, data: dict[Rendition, bytes]) -> None:
        if segment.msn == 3:
            raise OSError(28, "No space left on device")
        real(self, segment, data)

    monkeypatch.setattr(SegmentStore, "save", save)
    async with house(tmp_path) as home:
        for start in range(0, 30, 2):
            await home.give([unit for unit in programme(30.0) if start <= unit.seconds < start + 2])

        async def gap() -> bool:
            return "#EXT-X-GAP" in await home.text("video.m3u8")

        await until_async(gap, "the gap")
        items = check(await home.text("video.m3u8")).items
        assert [item.msn for item in items if item.gap] == [3]
        statuses = [(await home.get(item.uri)).status for item in items if item.uri]
        assert [msn for msn, status in enumerate(statuses) if status != 200] == [3]


async def test_how_old_the_newest_part_is_is_told_each_second(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        client = await connected(home.config.control_socket, (PackagerChanged,))
        assert (await client.call(GetPackagerStatus())).age_seconds is None
        await home.give(programme(5.0))
        assert (await client.call(GetPackagerStatus())).age_seconds == 0
        home.clock.now += 7
        async with asyncio.timeout(10):
            async for event in client.events():
                assert isinstance(event, PackagerChanged)
                if event.status.age_seconds == 7:
                    break
        await client.close()


async def test_finishing_ends_the_playlist_for_all_who_wait(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(5.0))
        client = ControlClient(home.config.control_socket)
        await client.connect()
        assert (await client.call(GetPackagerStatus())).segments == 2
        held = asyncio.create_task(home.text("video.m3u8?_HLS_msn=3"))
        hinted = asyncio.create_task(home.get(read(await home.text("video.m3u8")).hint))
        await asyncio.wait({held}, timeout=0.2)
        status = await client.call(FinishPackaging())
        assert (status.segments, status.last_seconds) == (3, 5.0)
        assert check(await held).ended
        assert (await hinted).status == 404
        async with asyncio.timeout(5):
            await home.running
        await client.close()


async def test_the_interpreted_language_is_a_second_sound_on_the_same_cadence(tmp_path: Path) -> None:
    async with house(tmp_path, language="cy") as home:
        await home.give(interpreted(17.0, since=9.0))
        main = m3u8.loads(await home.text("main.m3u8"))
        assert [(one.group_id, one.name, one.language, one.default, one.uri) for one in main.media] == [
            ("sound", "English (floor)", None, "YES", "audio.m3u8"),
            ("sound", "Cymraeg (cyfieithu)", "cy", "NO", "interpreted.m3u8"),
        ]
        assert main.playlists[0].stream_info.audio == "sound"
        sound, video = check(await home.text("interpreted.m3u8")), check(await home.text("video.m3u8"))
        assert [item.duration for item in sound.items] == [item.duration for item in video.items]
        init = await home.bytes(sound.map)
        heard = [loudness(init + await home.bytes(item.uri))[1] for item in sound.items if item.uri]
        assert heard[0] == pytest.approx(440, abs=5)
        assert heard[-1] == pytest.approx(880, abs=5)
        floor = check(await home.text("audio.m3u8"))
        data = await home.bytes(floor.map) + await home.bytes(str(floor.items[-2].uri))
        assert loudness(data)[1] == pytest.approx(440, abs=5)
        data = await home.bytes(video.map) + await home.bytes(str(video.items[-2].uri))
        for seconds, colour in pictures(data):
            assert looks_like(colour, colour_at(seconds))
    async with house(tmp_path, "run2", language="cy") as home:
        await home.give(programme(6.0, start=20.0, session=0xB2))
        again = check(await home.text("interpreted.m3u8"))
        assert len(again.items) == len(sound.items) + 3
        newest = await home.bytes(again.map) + await home.bytes(str(again.items[-2].uri))
        assert loudness(newest)[1] == pytest.approx(440, abs=5)


async def test_without_an_interpreted_language_there_is_no_choice(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(interpreted(6.0))
        assert "EXT-X-MEDIA:" not in await home.text("main.m3u8")
        assert (await home.get("interpreted.m3u8")).status == 404


async def test_a_language_that_was_added_later_has_the_floor_before(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(6.0))
    async with house(tmp_path, "run2", language="en") as home:
        await home.give(interpreted(6.0, start=20.0, since=20.0, session=0xB2))
        playlist = check(await home.text("interpreted.m3u8"))
        init = await home.bytes(playlist.map)
        first, last = str(playlist.items[0].uri), str(playlist.items[-2].uri)
        assert loudness(init + await home.bytes(first))[1] == pytest.approx(440, abs=5)
        assert loudness(init + await home.bytes(last))[1] == pytest.approx(880, abs=5)


async def test_a_studio_that_was_started_again_is_told_truthfully(tmp_path: Path) -> None:
    units = [*programme(7.3), *programme(9.0, start=11.0, session=0xB2)]
    async with house(tmp_path) as home:
        texts: dict[str, list[str]] = {"video.m3u8": [], "audio.m3u8": []}
        await home.give(units[:160])
        for start in range(160, len(units), 30):
            await home.give(units[start : start + 30])
            for name, row in texts.items():
                row.append(await home.text(name))
        for row in texts.values():
            items = check_row(row)[-1].items
            (again,) = [item for item in items if item.discontinuity]
            assert again.date is not None
            assert round(again.date.timestamp() * 1000) - EPOCH_MS == 11_000
            assert not any(item.gap for item in items), "what is listed can be had"
            before = items[: items.index(again)]
            assert sum(item.duration for item in before) == pytest.approx(7.28, abs=0.05)


async def test_independent_parts_can_be_decoded_by_themselves_and_only_those(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.give(programme(6.0))
        playlist = check(await home.text("video.m3u8"))
        head = await home.bytes(playlist.map)
        parts = [part for item in playlist.items for part in item.parts]
        assert len(parts) >= 8
        for _, uri, independent in parts:
            seen = list(pictures(head + await home.bytes(uri)))
            assert bool(seen) == independent
            assert all(looks_like(colour, colour_at(seconds)) for seconds, colour in seen)
