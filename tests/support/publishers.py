"""Real encoders: ffmpeg by RTMP, SRT and WHIP, and Chromium by WHIP."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import imageio_ffmpeg
from aiohttp import web

from tests.support.browser import Visitor
from tests.support.judge import CLOCK_BITS, CLOCK_CELLS, CLOCK_TICK, CLOCK_TURN, Rgb, Signature
from tests.support.waiting import until

RECONNECT_SECONDS = 20.0
HELD_SECONDS = 1.5
"""A publisher that was not turned away within this was let in."""
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-b:v", "1M", "-pix_fmt", "yuv420p", "-g", "50")
LOW_DELAY = (*X264, "-tune", "zerolatency", "-bf", "0")
B_FRAMES = (*X264, "-bf", "3", "-x264-params", "b-adapt=0:scenecut=0")
BASELINE = (*LOW_DELAY, "-profile:v", "baseline")
HEVC = (
    "-c:v",
    "libx265",
    "-preset",
    "ultrafast",
    "-tune",
    "zerolatency",
    "-x265-params",
    "log-level=error",
    "-pix_fmt",
    "yuv420p",
)
MPEG2 = ("-c:v", "mpeg2video", "-b:v", "2M", "-pix_fmt", "yuv420p")
SORENSON = ("-c:v", "flv", "-b:v", "1M", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "96k")
OPUS = ("-c:a", "libopus", "-b:a", "64k", "-ar", "48000", "-ac", "2")


@dataclass(frozen=True)
class Feed:
    """What an encoder sends: one colour with a clock along the top that a program can read, and one tone."""

    source: Signature
    private: Signature | None = None
    """What ``FfmpegPublisher.switch`` changes to."""
    size: tuple[int, int] = (1280, 720)
    rate: int = 25
    video: tuple[str, ...] | None = LOW_DELAY
    audio: tuple[str, ...] | None = AAC
    by_the_wall: bool = False
    """Whether the clock shows Unix seconds, but for how long ffmpeg takes to begin."""


@dataclass(frozen=True)
class Target:
    """Where it is sent, with the muxer that speaks the protocol."""

    muxer: str
    url: str
    options: tuple[str, ...] = field(default=())


def rtmp(url: str) -> Target:
    """The address with the stream key in it."""
    return Target("flv", url)


def srt(url: str) -> Target:
    """The address with the stream key in it."""
    return Target("mpegts", url)


def whip(url: str, key: str) -> Target:
    """Ffmpeg's own WHIP muxer (needs ``BASELINE`` and ``OPUS``)."""
    return Target("whip", url, ("-authorization", key))


class FfmpegPublisher:
    """One ffmpeg that sends in real time until it is stopped. Use it as an async context manager."""

    def __init__(self, feed: Feed, target: Target, log: Path) -> None:
        self._feed = feed
        self._target = target
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.beginnings = 0
        """How often it connected: once, unless it was cut off."""

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def _start(self) -> None:
        self.beginnings += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(imageio_ffmpeg.get_ffmpeg_exe()),
                *("-hide_banner", "-v", "warning", "-nostats", *_arguments(self._feed)),
                *(*self._target.options, "-f", self._target.muxer, self._target.url),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    async def __aexit__(self, *_: object) -> None:
        await self._stop()

    async def _stop(self) -> None:
        process = self._running
        if process.returncode is None:
            process.terminate()
        await process.communicate()

    async def again(self) -> None:
        """Connect anew until it holds, as encoders do; it sends ``feed.source`` again."""
        async with asyncio.timeout(RECONNECT_SECONDS):
            while True:
                await self._stop()
                await self._start()
                try:
                    async with asyncio.timeout(HELD_SECONDS):
                        await self._running.wait()
                except TimeoutError:
                    return

    async def keep_on(self) -> None:
        """For ever: connect anew whenever the connection has ended, as encoders do."""
        while True:
            await self._running.wait()
            await self.again()

    async def switch(self) -> None:
        """Send ``feed.private`` from the next frame on: same connection, same encoder."""
        assert self._feed.private is not None, "this feed has nothing to switch to"
        await self._command("color@picture", f"c {_hex(self._feed.private.colour)}")
        await self._command("volume@public", "volume 0")
        await self._command("volume@private", "volume 1")

    async def switch_back(self) -> None:
        """Send ``feed.source`` again."""
        await self._command("volume@private", "volume 0")
        await self._command("volume@public", "volume 1")
        await self._command("color@picture", f"c {_hex(self._feed.source.colour)}")

    async def turned_away(self, seconds: float = 15.0) -> str:
        """Wait until ffmpeg gives up, and return what it said."""
        try:
            async with asyncio.timeout(seconds):
                await self._running.wait()
        except TimeoutError:
            raise AssertionError(f"still publishing after {seconds:g} s\n{self.said()}") from None
        assert self._running.returncode != 0, self.said()
        return self.said()

    @property
    def publishing(self) -> bool:
        """Whether it still runs."""
        return self._running.returncode is None

    def said(self) -> str:
        """What ffmpeg wrote on standard error."""
        return self._log.read_text(errors="replace")

    async def _command(self, target: str, text: str) -> None:
        # ffmpeg's keyboard: "c", then a command for the filter of that name, now.
        replies = self.said().count("Command reply")
        assert self._running.stdin is not None
        self._running.stdin.write(f"c{target} -1 {text}\n".encode())
        await self._running.stdin.drain()
        await until(lambda: self.said().count("Command reply") > replies, "ffmpeg's reply")

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "not started"
        return self._process


def _arguments(feed: Feed) -> list[str]:
    graph, maps = [], []
    if feed.video is not None:
        width, height = feed.size
        graph.append(
            f"color@picture=c={_hex(feed.source.colour)}:s={width}x{height}:r={feed.rate},"
            f"{_clock(width, height, time.time() % CLOCK_TURN if feed.by_the_wall else 0)},realtime[picture]"
        )
        maps += ["-map", "[picture]", *feed.video]
    if feed.audio is not None:
        other = (feed.private or feed.source).hz
        graph.append(
            f"sine=f={feed.source.hz}:r=48000,volume@public=1:eval=frame[one];"
            f"sine=f={other}:r=48000,volume@private=0:eval=frame[two];"
            "[one][two]amix=inputs=2:normalize=0,volume=2,aformat=channel_layouts=stereo,arealtime[sound]"
        )
        maps += ["-map", "[sound]", *feed.audio]
    return ["-filter_complex", ";".join(graph), *maps]


def _clock(width: int, height: int, begins: float) -> str:
    """Filters that draw what ``Picture.clock`` reads: a black strip, and a white square for every 1."""
    cell, high = width // CLOCK_CELLS, height // 12
    strip = f"drawbox=x=0:y=0:w={cell * CLOCK_BITS}:h={high}:color=black:t=fill"
    bits = (
        f"drawbox=x={cell * at}:y=0:w={cell}:h={high}:color=white:t=fill"
        f":enable='mod(floor((t+{begins:.3f})/{CLOCK_TICK * 2 ** (CLOCK_BITS - 1 - at)}),2)'"
        for at in range(CLOCK_BITS)
    )
    return ",".join((strip, *bits))


def _hex(colour: Rgb) -> str:
    return "0x" + "".join(f"{value:02x}" for value in colour)


PUBLISHER_PAGE = """<!doctype html><html lang="en"><title>A browser that publishes</title>
<canvas id="picture" width="640" height="360"></canvas>
<script>
async function publish(url, key, colour, hz, codec) {
  const pen = picture.getContext("2d");
  let count = 0;
  const draw = () => {
    pen.fillStyle = colour; pen.fillRect(0, 0, 640, 360);
    pen.fillStyle = "white"; pen.fillRect((count++ * 6) % 600, 310, 30, 30);
  };
  draw(); setInterval(draw, 40);
  const sound = new AudioContext({ sampleRate: 48000 });
  const tone = new OscillatorNode(sound, { frequency: hz });
  const quiet = new GainNode(sound, { gain: 0.25 });
  const out = sound.createMediaStreamDestination();
  tone.connect(quiet).connect(out); tone.start(); await sound.resume();
  const peer = new RTCPeerConnection({ iceServers: [] });
  window.peer = peer;
  peer.addTransceiver(out.stream.getAudioTracks()[0], { direction: "sendonly" });
  const video = peer.addTransceiver(picture.captureStream(25).getVideoTracks()[0], { direction: "sendonly" });
  const all = RTCRtpSender.getCapabilities("video").codecs;
  if (codec) video.setCodecPreferences(all.filter((one) => one.mimeType === codec));
  await peer.setLocalDescription();
  const response = await fetch(url, {
    method: "POST", body: peer.localDescription.sdp,
    headers: { "Content-Type": "application/sdp", Authorization: "Bearer " + key },
  });
  const body = await response.text();
  if (response.status !== 201) return { status: response.status, body, location: "" };
  await peer.setRemoteDescription({ type: "answer", sdp: body });
  return { status: 201, body, location: new URL(response.headers.get("Location"), url).href };
}
</script></html>"""


@dataclass(frozen=True)
class Answered:
    """What a WHIP endpoint answered to a browser."""

    status: int
    body: str
    location: str


@asynccontextmanager
async def publisher_page() -> AsyncIterator[str]:
    """Serve the page on a loopback port of its own: another origin than the program. Its address."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PUBLISHER_PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def publish_from_browser(
    person: Visitor, page: str, url: str, key: str, source: Signature, codec: str = ""
) -> Answered:
    """Publish a canvas and an oscillator from a page that somebody else serves."""
    await person.page.goto(page)
    answer = await person.page.evaluate(
        "([url, key, colour, hz, codec]) => publish(url, key, colour, hz, codec)",
        [url, key, f"rgb{source.colour}", source.hz, codec],
    )
    return Answered(**answer)


def stream_key(url: str) -> str:
    """The key in an RTMP or SRT address."""
    found = re.search(r"(?:/live/|streamid=)([^/&?]+)$", url)
    assert found, f"no stream key in {url}"
    return found[1]
