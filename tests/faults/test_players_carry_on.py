"""The studio dies under people who watch: the same players show the meeting again by themselves."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import av
import pytest
from aiohttp import ClientSession
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from tests.faults.conftest import TEST_CARD, Running
from tests.support.judge import near, pictures
from tests.support.outputs import live_edge
from tests.support.processes import SPARE, reads_its_input
from tests.support.waiting import until, until_async

BACK_SECONDS = 5.0
"""Three until the studio is back; the rest is the way to the viewer on a busy machine."""
HLS_SECONDS = 15.0
"""Segments of some seconds are to be complete before this test looks at them; a player looks at parts."""


class WhepPlayer:
    """One connection for good. ``gap``: the longest time between two pictures of the meeting so far."""

    def __init__(self, connection: RTCPeerConnection) -> None:
        self._connection = connection
        self._watching: asyncio.Task[None] | None = None
        self._shown = asyncio.Event()
        self._last: float | None = None
        self.gap = 0.0

    async def shows_the_meeting(self, seconds: float) -> None:
        """Wait for the next picture of it."""
        self._shown.clear()
        async with asyncio.timeout(seconds):
            await self._shown.wait()

    async def close(self) -> str:
        """Leave; the state in which the connection was."""
        state = str(self._connection.connectionState)
        await self._connection.close()
        if self._watching is not None:
            await self._watching
        return state

    def on_track(self, track: MediaStreamTrack) -> None:
        """For aiortc."""
        if track.kind == "video":
            self._watching = asyncio.create_task(self._watch(track))

    async def _watch(self, track: MediaStreamTrack) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.VideoFrame)
            if not is_meeting(frame):
                continue
            now = loop.time()
            if self._last is not None:
                self.gap = max(self.gap, now - self._last)
            self._last = now
            self._shown.set()


def is_meeting(frame: av.VideoFrame) -> bool:
    """Whether one of its pixels has the test card's colour."""
    small = frame.reformat(64, 36, "rgb24").to_ndarray().reshape(-1, 3)
    return any(near((int(r), int(g), int(b)), TEST_CARD.colour) for r, g, b in small[::7])


@asynccontextmanager
async def watching(http: ClientSession, address: str) -> AsyncIterator[WhepPlayer]:
    """By WHEP (RFC 9725's way for players)."""
    connection = RTCPeerConnection(RTCConfiguration([]))
    player = WhepPlayer(connection)
    connection.on("track", player.on_track)
    for kind in ("audio", "video"):
        connection.addTransceiver(kind, direction="recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    sdp = connection.localDescription.sdp
    async with http.post(address, data=sdp, headers={"Content-Type": "application/sdp"}) as response:
        assert response.status == 201, await response.text()
        answer = await response.text()
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    try:
        yield player
    finally:
        assert await player.close() == "connected", "it was the same connection to the end"


@pytest.mark.timeout(300)
async def test_players_show_the_meeting_again_by_themselves(running: Running) -> None:
    await running.take_live()
    before = (await running.gate("open"))["session"]
    index = running.clerk.told["state"]["public"]["index"]
    await until(lambda: _spare_waits(running), "a spare studio", 90.0)
    async with watching(running.http, running.demo.links.whep) as player:
        await player.shows_the_meeting(30.0)
        shown = await _newest(running, 30.0)
        pid = running.pid("media.studio")
        assert pid is not None
        player.gap = 0.0
        os.kill(pid, signal.SIGKILL)
        await running.clerk.until(
            "engine", lambda told: told["studio"]["session"] != before, "another studio", 30.0
        )
        await player.shows_the_meeting(30.0)
        print(f"the WebRTC player had no picture of the meeting for {player.gap:.2f} s")
        assert player.gap < BACK_SECONDS
        later = await _newest(running, HLS_SECONDS, shown + player.gap)
        assert later > shown, "the same playlist goes on, in the same time"
    public = running.clerk.told["state"]["public"]
    assert public["index"] == index, "the index is as it was"
    assert public["state"] == "live"


async def _newest(running: Running, seconds: float, after: float = 0.0) -> float:
    """Programme seconds of the newest picture of the meeting in the newest segment, once it is later."""

    async def later() -> float | None:
        media = await live_edge(running.http, running.demo.links.meeting)
        found = await asyncio.to_thread(lambda data: list(pictures(data))[-1:] if data else [], media)
        shown = (one.seconds for one in found if one.contains(TEST_CARD.colour) and one.seconds > after)
        return next(shown, None)

    newest = await until_async(later, "a newer picture of the meeting", seconds)
    assert newest is not None
    return newest


def _spare_waits(running: Running) -> bool:
    return any(reads_its_input(pid) for pid in running.demo.processes(SPARE))
