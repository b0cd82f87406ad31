"""hls.js in a real Chromium plays the packager's live window, through a kill -9 of the packager."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from media.access_unit import AUDIO_CLOCK, AccessUnit, Track
from media.bus.base import BusAddress
from media.bus.local import LocalPublisher
from media.config import PackagerConfig
from tests.support.encoded import EPOCH_MS, SIZES, colour_at, interpreted, looks_like, programme, two_sizes

HLS_JS = Path(__file__).parents[3] / "web/front/node_modules/hls.js/dist/hls.min.js"
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
PAGE = """<!doctype html><script src="/hls.js"></script><video></video><script>
const video = document.querySelector("video"), trouble = [];
const retry = {maxNumRetry: 20, retryDelayMs: 500, maxRetryDelayMs: 2000};
const policy = {maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 12000, timeoutRetry: retry, errorRetry: retry};
const hls = new Hls({lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.2, abrEwmaDefaultEstimate: 5000000,
  playlistLoadPolicy: {default: policy}, fragLoadPolicy: {default: policy}});
hls.on(Hls.Events.ERROR, (_, data) =>
  trouble.push([data.details, data.fatal, data.reason || String(data.error)]));
hls.attachMedia(video);
hls.loadSource("/hls/main.m3u8");
hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
const canvas = document.createElement("canvas").getContext("2d");
const sound = new AudioContext(), ear = sound.createAnalyser();
ear.fftSize = 16384;
sound.createMediaElementSource(video).connect(ear);
window.choices = () => hls.audioTracks.map((track) => [track.name, track.lang || ""]);
window.read = () => {
  const date = hls.playingDate, shown = [...video.textTracks].find((track) => track.mode === "showing");
  const texts = [...(shown?.activeCues ?? [])].map((cue) => cue.text);
  return {seconds: date && (date.getTime() - EPOCH) / 1000, texts};
};
window.listen = () => {
  const bins = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(bins);
  const loudest = bins.indexOf(Math.max(...bins));
  return bins[loudest] < -60 ? 0 : loudest * sound.sampleRate / ear.fftSize;
};
window.look = () => {
  if (video.readyState < 2 || !hls.playingDate) return null;
  canvas.drawImage(video, 0, 0, 8, 8);
  return {colour: [...canvas.getImageData(4, 4, 1, 1).data].slice(0, 3), date: hls.playingDate.getTime(),
          latency: hls.latency, paused: video.paused, fatal: trouble.filter(([, fatal]) => fatal)};
};
</script>""".replace("EPOCH", str(EPOCH_MS))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not HLS_JS.exists(), reason="The front end's modules are not installed"),
]


async def start(
    directory: Path, language: str | None = None, captions: str | None = None
) -> asyncio.subprocess.Process:
    config = PackagerConfig(
        control_socket=directory / "c.sock", meeting="m", bus_url=f"unix:{directory / 'm.bus'}",
        directory=directory / "window", http_socket=directory / "h.sock", linger_seconds=0,
        interpreted_language=language, captions_language=captions,
    )  # fmt: skip
    settings = directory / "packager.json"
    settings.write_text(config.model_dump_json())
    config.http_socket.unlink(missing_ok=True)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "media.hls", str(settings))
    async with asyncio.timeout(30):
        while not config.http_socket.exists():
            assert process.returncode is None
            await asyncio.sleep(0.02)
    return process


async def publish(bus: LocalPublisher, units: list[AccessUnit]) -> None:
    """As fast as life."""
    loop = asyncio.get_running_loop()
    begin = loop.time()
    for unit in units:
        await asyncio.sleep(max(0.0, begin + unit.seconds - loop.time()))
        bus.publish(unit)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[str]:
    """A page with hls.js, and the packager's origin behind ``/hls/``."""
    client = aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(str(tmp_path / "h.sock"), limit=0), auto_decompress=False
    )

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def script(_: web.Request) -> web.FileResponse:
        return web.FileResponse(HLS_JS)

    async def origin(request: web.Request) -> web.Response:
        try:
            async with client.get(
                f"http://origin/{request.match_info['path']}", params=request.query, headers=request.headers
            ) as answer:
                headers = {
                    name: value for name, value in answer.headers.items() if name != "Transfer-Encoding"
                }
                return web.Response(body=await answer.read(), status=answer.status, headers=headers)
        except aiohttp.ClientError:
            return web.Response(status=502)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/hls.js", script)
    app.router.add_get("/hls/{path:.*}", origin)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()
    await client.close()


async def watch(page: Page, after: float) -> float:
    """Wait for a moment past ``after`` (programme seconds) in its right colour; the latency."""
    async with asyncio.timeout(30):
        while True:
            seen = await page.evaluate("window.look()")
            if seen is not None:
                assert not seen["fatal"], seen
                seconds = (seen["date"] - EPOCH_MS) / 1000
                if seconds > after and 0.15 < seconds % 1 < 0.85:
                    assert looks_like(tuple(seen["colour"]), colour_at(seconds)), (seconds, seen)
                    return float(seen["latency"])
            await page.wait_for_timeout(50)


async def shows(page: Page, size: tuple[int, int]) -> None:
    """Wait until the picture has this size."""
    async with asyncio.timeout(30):
        while await page.evaluate("[video.videoWidth, video.videoHeight]") != list(size):
            await page.wait_for_timeout(50)


async def test_hls_js_plays_the_live_edge_and_survives_the_packager(tmp_path: Path, site: str) -> None:
    units = two_sizes(50.0)
    bus = await LocalPublisher.open(BusAddress(f"unix:{tmp_path / 'm.bus'}"))
    packager = await start(tmp_path)
    feeding = asyncio.create_task(publish(bus, units))
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page()
            await page.goto(site)
            for second in (3, 5, 7):
                await watch(page, second)
            latency = await watch(page, 9)
            print(f"latency behind the live edge: {latency:.2f} s")
            assert latency < 4.0
            packager.kill()
            await packager.wait()
            packager = await start(tmp_path)
            await watch(page, 18)
            await shows(page, SIZES[0])
            assert await page.evaluate("hls.levels.map((one) => one.height)") == [SIZES[1][1], SIZES[0][1]]
            for level, size in ((0, SIZES[1]), (1, SIZES[0])):
                await page.evaluate("(level) => { hls.nextLevel = level; }", level)
                await shows(page, size)
                playing = await page.evaluate("hls.playingDate.getTime()")
                assert await watch(page, (playing - EPOCH_MS) / 1000 + 2) < 6.0
            await browser.close()
    finally:
        feeding.cancel()
        await asyncio.wait({feeding})
        packager.terminate()
        assert await asyncio.wait_for(packager.wait(), 10) == 0
        await bus.close()


async def hears(page: Page, hertz: float) -> None:
    """Wait until the loudest thing is this tone."""
    async with asyncio.timeout(30):
        while abs(await page.evaluate("window.listen()") - hertz) > 10:
            await page.wait_for_timeout(50)


async def test_hls_js_changes_to_the_interpreter_and_back(tmp_path: Path, site: str) -> None:
    units = interpreted(60.0)
    bus = await LocalPublisher.open(BusAddress(f"unix:{tmp_path / 'm.bus'}"))
    packager = await start(tmp_path, "cy")
    feeding = asyncio.create_task(publish(bus, units))
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page()
            await page.goto(site)
            await watch(page, 3)
            assert await page.evaluate("window.choices()") == [
                ["English (floor)", ""],
                ["Cymraeg (cyfieithu)", "cy"],
            ]
            await hears(page, 440)
            for choice, hertz in ((1, 880), (0, 440), (1, 880)):
                await page.evaluate("(choice) => { hls.audioTrack = choice; }", choice)
                await hears(page, hertz)
                playing = await page.evaluate("hls.playingDate.getTime()")
                await watch(page, (playing - EPOCH_MS) / 1000 + 1)
                await hears(page, hertz)
            await browser.close()
    finally:
        feeding.cancel()
        await asyncio.wait({feeding})
        packager.terminate()
        assert await asyncio.wait_for(packager.wait(), 10) == 0
        await bus.close()


async def test_hls_js_shows_captions_when_they_are_said(tmp_path: Path, site: str) -> None:
    bus = await LocalPublisher.open(BusAddress(f"unix:{tmp_path / 'm.bus'}"))
    packager = await start(tmp_path, captions="en")
    said = [
        AccessUnit(
            Track.CAPTIONS,
            0xA1,
            second,
            EPOCH_MS,
            second * AUDIO_CLOCK,
            AUDIO_CLOCK,
            True,
            b"Second %d" % second,
        )
        for second in range(40)
    ]
    units = sorted([*programme(40.0), *said], key=lambda unit: unit.seconds)
    feeding = asyncio.create_task(publish(bus, units))
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page()
            await page.goto(site)
            await watch(page, 3)
            assert await page.evaluate("hls.subtitleTracks.map((one) => one.lang)") == ["en"]
            await page.evaluate("hls.subtitleTrack = 0, hls.subtitleDisplay = true")
            right: set[int] = set()
            async with asyncio.timeout(30):
                while len(right) < 4:
                    seen = await page.evaluate("window.read()")
                    if seen["texts"] and 0.3 < seen["seconds"] % 1 < 0.7:
                        assert seen["texts"] == [f"Second {int(seen['seconds'])}"]
                        right.add(int(seen["seconds"]))
                    await page.wait_for_timeout(50)
            await browser.close()
    finally:
        feeding.cancel()
        await asyncio.wait({feeding})
        packager.terminate()
        assert await asyncio.wait_for(packager.wait(), 10) == 0
        await bus.close()
