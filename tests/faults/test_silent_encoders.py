"""An encoder that stays connected and sends nothing any more, by each protocol, and then goes on.

A real studio behind a real door; judged by decoded pictures and sound of the programme.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import av
import pytest

from media.control.feeds import OpenFeed
from media.programme.picture import blank
from tests.faults.onlooker import Onlooker, Sight, looking
from tests.media.ingest.conftest import KEY, Ingest, opened_door
from tests.media.ingest.publishers import AAC, TONE, X264
from tests.media.studio.house import House
from tests.media.studio.publisher import Colour, Publisher, Tone
from tests.support.rtmp import Rtmp, film
from tests.support.srt import Srt, transport_stream

SECONDS = 8
"""For which an encoder plays."""
STAYS = 2.0
"""Seconds of slate after which it goes on."""
HELD = 0.5
DISSOLVE = 0.2
"""Seconds at most from the last picture that is held to the whole slate."""
SHADES = 8
SILENT = "Connected, but neither picture nor sound is arriving."
LIVE = "Picture and sound are arriving."
Play = Callable[[], Coroutine[None, None, None]]


def moving() -> tuple[str, ...]:
    """No picture is like the one before; and a tone."""
    shade = f"geq=lum='60+20*mod(N,{SHADES})':cb=128:cr=128"
    return (
        *("-f", "lavfi", "-i", f"nullsrc=s=320x180:r=25,format=yuv420p,{shade}"),
        *("-f", "lavfi", "-i", f"sine=f={TONE}:r=48000"),
        *(*X264, "-tune", "zerolatency", "-bf", "0", *AAC),
    )


class Shades(Colour):
    """The same by WebRTC. While it is held up, nothing comes, and its clock goes on."""

    def __init__(self, goes: asyncio.Event) -> None:
        super().__init__((60, 128, 128), 320, 180)
        self._goes = goes
        self._frames = [blank(320, 180, (60 + 20 * shade, 128, 128)) for shade in range(SHADES)]

    async def recv(self) -> av.VideoFrame:
        if not self._goes.is_set():
            await self._goes.wait()
            self._number = round((asyncio.get_running_loop().time() - self._begin) * 25)
        self._frame = self._frames[self._number % SHADES]
        return await super().recv()


class Whistle(Tone):
    """Its microphone."""

    def __init__(self, goes: asyncio.Event) -> None:
        super().__init__(TONE)
        self._goes = goes

    async def recv(self) -> av.AudioFrame:
        if not self._goes.is_set():
            await self._goes.wait()
            self._position = round((asyncio.get_running_loop().time() - self._begin) * 50) * 960
        return await super().recv()


@asynccontextmanager
async def by_rtmp(house: House, door: Ingest) -> AsyncIterator[Play]:
    """Stays connected; each call plays for a while."""
    shown = await asyncio.to_thread(film, SECONDS, *moving())
    async with Rtmp.publishing(door.status.rtmp_port, KEY) as line:

        async def play() -> None:
            async with line.playing(shown):
                await asyncio.sleep(SECONDS)

        yield play


@asynccontextmanager
async def by_srt(house: House, door: Ingest) -> AsyncIterator[Play]:
    parts = [
        await asyncio.to_thread(transport_stream, SECONDS, *moving(), begins=begins)
        for begins in (0.0, SECONDS + 5.0)
    ]
    async with Srt.publishing(door.srt()[-1]) as line:

        async def play() -> None:
            async with line.playing(parts.pop(0), SECONDS):
                pass

        yield play


@asynccontextmanager
async def by_whip(house: House, door: Ingest) -> AsyncIterator[Play]:
    goes = asyncio.Event()
    encoder = Publisher(Shades(goes), Whistle(goes))
    offer = OpenFeed(source="chamber", sdp=await encoder.offer(), label="WHIP encoder")
    await encoder.accept((await house.client.call(offer, 30.0)).sdp)

    async def play() -> None:
        goes.set()
        await asyncio.sleep(SECONDS)
        goes.clear()

    yield play
    await encoder.close()


def is_shade(sight: Sight) -> bool:
    """One of the encoder's pictures: grey to its edges."""
    return not sight.slate and all(abs(value - 128) < 8 for value in (*sight.middle[1:], *sight.corner[1:]))


def held(public: Onlooker, slate: Sight) -> float:
    """Seconds of the programme for which the last picture before the slate stood."""
    before = [sight for sight in public.seen if sight.pts < slate.pts and is_shade(sight)]
    last = before[-1]
    first = last
    for sight in reversed(before):
        if abs(sight.middle[0] - last.middle[0]) > 6:
            break
        first = sight
    return (last.pts - first.pts) / 90_000


@pytest.mark.parametrize("connected", [by_rtmp, by_srt, by_whip], ids=["RTMP", "SRT", "WHIP"])
async def test_its_last_picture_is_held_then_the_slate_and_it_is_taken_back(
    house: House, tmp_path: Path, connected: Callable[[House, Ingest], AbstractAsyncContextManager[Play]]
) -> None:
    async with (
        opened_door(tmp_path, house.config.feeds_socket) as door,
        connected(house, door) as play,
        looking(house) as public,
    ):
        playing = asyncio.create_task(play())
        await public.shows(is_shade)
        await public.sounds(TONE)
        await public.feed(lambda feed: (feed.state, feed.sentence) == ("live", LIVE))
        await playing
        slate = await public.shows(lambda sight: sight.slate)
        assert abs(held(public, slate) - HELD) < 0.1, "half a second"
        assert (slate.pts - last_shade(public, slate)) / 90_000 < DISSOLVE
        await public.feed(lambda feed: (feed.state, feed.sentence) == ("stalled", SILENT))
        await public.sounds(0)
        after = await public.shows(lambda sight: sight.pts > slate.pts + STAYS * 90_000)
        assert after.slate
        playing = asyncio.create_task(play())
        await public.shows_only(is_shade)
        await public.sounds(TONE)
        await public.feed(lambda feed: (feed.state, feed.sentence) == ("live", LIVE))
        await playing
        await public.on_time()


def last_shade(public: Onlooker, slate: Sight) -> int:
    """The stamp of the last picture that was held."""
    return max(sight.pts for sight in public.seen if sight.pts < slate.pts and is_shade(sight))
