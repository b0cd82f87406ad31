"""Debian's Chromium, headless, with a camera and a microphone made of a file each."""

import asyncio
import os
import re
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, async_playwright, expect

from tests.support.judge import (
    HEARD,
    HEIGHT,
    MIDDLE,
    RATE,
    SILENT,
    WHOLE,
    WIDTH,
    Picture,
    Region,
    Rgb,
    Signature,
    Sound,
    loudest,
    picture_from_page,
    sound_from_page,
    tone_level,
)

CHROMIUM = Path("/usr/bin/chromium")
MODEST = Path(__file__).with_name("modest_chromium")
ARTIFACTS = Path(__file__).parent.parent / "artifacts"
SENSES = Path(__file__).with_name("sight_and_hearing.js")
SEEN_SECONDS = 20.0
"""How long people wait before they say that something is wrong: two cores may be busy with more than this."""
Size = tuple[int, int, int]
"""Width and height in pixels, and pictures a second."""
USUAL: Size = (640, 360, 25)
SMALL: Size = (320, 180, 15)
SMALLEST: Size = (160, 90, 8)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    # Candidates with addresses instead of names that only mDNS knows.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--allow-loopback-in-peer-connection",
)
FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


WRONG_CLOCK = """
(() => {
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...given) {
      if (given.length) super(...given);
      else super(Real.now() + AHEAD_MS);
    }
    static now() {
      return Real.now() + AHEAD_MS;
    }
  };
})();
"""


@asynccontextmanager
async def chromium(
    directory: Path, camera: Signature | None = None, within: Sequence[str] = (), more: Sequence[str] = ()
) -> AsyncIterator[Browser]:
    """One browser process. ``camera`` is what its fake camera shows and its fake microphone hears.

    ``within``: the words before a command that run it in another network. ``more``: further flags.
    """
    flags = [*_devices(directory, camera), *more]
    async with async_playwright() as playwright, _launched(playwright, flags, within=within) as one:
        yield one


class Chromiums:
    """A process for each camera, as all pages of one have the same. Small cameras: they share two cores.

    Use as an async context manager. A process is started when it is asked for, and lives as long as this.
    """

    def __init__(self, directory: Path, nice: int = 0, size: Size = SMALL, more: Sequence[str] = ()) -> None:
        """``nice``: how far they stay behind the program, whose computer they would not share otherwise.

        ``more``: further flags.
        """
        self._directory = directory
        self._nice = nice
        self._size = size
        self._more = more
        self._stack = AsyncExitStack()
        self._started: dict[Signature, Browser] = {}

    async def __aenter__(self) -> Self:
        self._playwright = await self._stack.enter_async_context(async_playwright())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def of(self, camera: Signature) -> Browser:
        """The process that has this camera and this microphone."""
        if camera not in self._started:
            folder = self._directory / camera.name
            folder.mkdir()
            flags = [*_devices(folder, camera, self._size), *self._more]
            launched = _launched(self._playwright, flags, self._nice)
            self._started[camera] = await self._stack.enter_async_context(launched)
        return self._started[camera]


@asynccontextmanager
async def chromium_that_shares(title: str) -> AsyncIterator[Browser]:
    """A process without devices. A page that asks for a screen gets the picture of the tab of that title."""
    chosen = f"--auto-select-tab-capture-source-by-title={title}"
    async with async_playwright() as playwright, _launched(playwright, [chosen]) as one:
        yield one


@asynccontextmanager
async def _launched(
    playwright: Playwright, flags: Sequence[str], nice: int = 0, within: Sequence[str] = ()
) -> AsyncIterator[Browser]:
    expect.set_options(timeout=SEEN_SECONDS * 1000)
    own = {"NICE": str(nice), "WITHIN": " ".join(within)}
    environment: dict[str, str | float | bool] = {**os.environ, **own}
    browser = await playwright.chromium.launch(executable_path=MODEST, args=[*FLAGS, *flags], env=environment)
    try:
        yield browser
    finally:
        await browser.close()


def _devices(directory: Path, camera: Signature | None, size: Size = USUAL) -> list[str]:
    """Flags for a fake camera and microphone: Chromium's own, or made of a file each."""
    if camera is None:
        return list(FAKE)
    picture, sound = directory / "camera.y4m", directory / "microphone.wav"
    write_camera(picture, camera.colour, size)
    write_microphone(sound, camera.hz)
    files = f"--use-file-for-fake-video-capture={picture}", f"--use-file-for-fake-audio-capture={sound}"
    return [*FAKE, *files]


@dataclass
class Watch:
    """What a watch in a page found."""

    frames: int
    guilty: int
    lasted: float
    """By WebRTC: seconds of the programme from the first to the last guilty frame."""
    sounds: int
    loudest: float
    """Amplitude, 1 is full scale."""

    @property
    def level(self) -> float:
        """``loudest`` in dBFS."""
        return float(20 * np.log10(self.loudest + 1e-10))


@dataclass(frozen=True, slots=True)
class Shown:
    """A sender's clock on a screen."""

    at: float
    """Unix seconds, by the page's own clock."""
    clock: float
    """Seconds that the picture says."""


@dataclass
class Visitor:
    """One person at one browser: a context of its own with one page."""

    name: str
    context: BrowserContext
    page: Page
    console: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Uncaught exceptions and what the Content-Security-Policy blocked: always a defect of the page."""

    async def page_data(self) -> dict[str, Any]:
        """The JSON that the server gave the page."""
        data: dict[str, Any] = await self.page.evaluate(
            "() => JSON.parse(document.getElementById('page-data').textContent)"
        )
        return data

    async def look(self, selector: str = "video") -> Picture | None:
        """The picture of a ``<video>`` now; None while there is none."""
        seen = await self.page.evaluate(
            "([selector, width, height]) => moot.look(selector, width, height)", [selector, WIDTH, HEIGHT]
        )
        return None if seen is None else picture_from_page(seen)

    async def clock(self, seconds: float, selector: str = "video") -> list[Shown]:
        """What the sender's clock showed on the screen for so long, five times a second at most."""
        seen = await self.page.evaluate(
            "([selector, seconds, width, height]) => moot.frames(selector, seconds, width, height)",
            [selector, seconds, WIDTH, HEIGHT],
        )
        return [Shown(one["at"] / 1000, picture_from_page(one["picture"]).clock()) for one in seen]

    async def hear(self, selector: str = "video") -> Sound:
        """Two thirds of a second of its sound from now on; empty while there is no track."""
        heard = await self.page.evaluate("selector => moot.hear(selector)", selector)
        return np.zeros(0, np.float32) if heard is None else sound_from_page(heard)

    async def sees(self, colour: Rgb, region: Region = MIDDLE, selector: str = "video") -> None:
        """Wait until a region has that colour."""
        seen: Picture | None = None
        try:
            async with asyncio.timeout(SEEN_SECONDS):
                while (seen := await self._glance(selector)) is None or not seen.shows(colour, region):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            mean = seen and seen.mean(region)
            raise AssertionError(f"{self.name} waits to see {colour} in {region} and sees {mean}") from None

    async def sees_shares(
        self, *sources: Signature, least: float, gone: Sequence[Signature] = (), selector: str = "video"
    ) -> None:
        """Wait until each source has that share of the picture or more, and those who are gone have none."""
        seen: Picture | None = None
        try:
            async with asyncio.timeout(SEEN_SECONDS):
                while (
                    (seen := await self._glance(selector)) is None
                    or any(seen.share(one.colour) < least for one in sources)
                    or any(seen.contains(one.colour) for one in gone)
                ):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            shares = seen and {one.name: round(seen.share(one.colour), 3) for one in (*sources, *gone)}
            raise AssertionError(f"{self.name} waits for {least} of each and sees {shares}") from None

    async def hears(self, *tones: float, selector: str = "video", above: float = HEARD) -> None:
        """Wait until each of these tones, in Hz, was heard."""
        heard: dict[float, float] = {}
        try:
            async with asyncio.timeout(SEEN_SECONDS):
                while not heard or min(heard.values()) < above:
                    sound = await self.hear(selector)
                    heard = {hz: max(heard.get(hz, -200.0), loudest(sound, hz)) for hz in tones}
        except TimeoutError:
            levels = {hz: round(level) for hz, level in heard.items()}
            raise AssertionError(f"{self.name} waits to hear {tones} and hears {levels} dBFS") from None

    async def does_not_hear(self, hz: float, selector: str = "video", below: float = SILENT) -> None:
        """Assert that a tone is absent now, while there is a sound track."""
        heard = await self.hear(selector)
        assert heard.size, f"{self.name} has no sound at all"
        level = tone_level(heard, hz)
        assert level < below, f"{self.name} hears {hz} Hz at {level:.0f} dBFS"

    async def hears_no_more(self, hz: float, selector: str = "video") -> None:
        """Wait until a tone is gone, while there is a sound track."""
        level = 0.0
        try:
            async with asyncio.timeout(SEEN_SECONDS):
                while level > SILENT:
                    heard = await self.hear(selector)
                    level = loudest(heard, hz) if heard.size else 0.0
        except TimeoutError:
            raise AssertionError(f"{self.name} still hears {hz} Hz at {level:.0f} dBFS") from None

    async def start_watch(
        self,
        name: str,
        forbidden: Signature,
        selector: str = "video",
        tolerance: int = 40,
        region: Region = WHOLE,
    ) -> None:
        """From now on look at a region of every frame and listen, for a signature that must not come."""
        await self.page.evaluate(
            "([name, selector, rgb, tolerance, hz, region]) =>"
            " moot.watch(name, selector, rgb, tolerance, hz, region)",
            [name, selector, list(forbidden.colour), tolerance, forbidden.hz, list(region)],
        )

    async def end_watch(self, name: str) -> Watch:
        """Stop looking and tell."""
        return Watch(**await self.page.evaluate("name => moot.report(name)", name))

    async def crash(self) -> None:
        """The process of this tab dies at once, without a word to anybody."""
        session = await self.context.new_cdp_session(self.page)
        async with self.page.expect_event("crash"):
            dying = asyncio.create_task(session.send("Page.crash"))
        dying.cancel()  # nobody is there who could answer
        await asyncio.gather(dying, return_exceptions=True)

    async def _glance(self, selector: str) -> Picture | None:
        # A page that is just being loaded anew has no picture; that is not a fault.
        try:
            return await self.look(selector)
        except Error as error:
            if not re.search(r"there is no|context was destroyed|moot is not defined|navigat", str(error)):
                raise
            return None


@asynccontextmanager
async def visitor(
    browser: Browser,
    name: str,
    *,
    width: int = 800,
    height: int = 600,
    javascript: bool = True,
    trusting: bool = False,
    touch: bool = False,
    clock_hours: float = 0.0,
) -> AsyncIterator[Visitor]:
    """Somebody opens a browser. When the body fails, picture and console stay in ``tests/artifacts``.

    ``trusting``: takes any certificate. ``touch``: a telephone, without a mouse. ``clock_hours``: how far the
    device's clock is ahead of the time.
    """
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=javascript,
        locale="en-GB",
        ignore_https_errors=trusting,
        has_touch=touch,
        is_mobile=touch,
    )
    context.set_default_timeout(SEEN_SECONDS * 1000)
    await context.add_init_script(path=SENSES)
    if clock_hours:
        await context.add_init_script(WRONG_CLOCK.replace("AHEAD_MS", str(round(clock_hours * 3_600_000))))
    page = await context.new_page()
    person = Visitor(name, context, page)
    page.on("console", lambda message: _note(person, message.text))
    page.on("pageerror", lambda error: person.faults.append(f"{name}: {error}"))
    try:
        yield person
    except BaseException:
        await _keep(person)
        raise
    finally:
        await context.close()


def _note(person: Visitor, text: str) -> None:
    person.console.append(text)
    if "Content Security Policy" in text:
        person.faults.append(f"{person.name}: {text}")


async def _keep(person: Visitor) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    notes = [person.page.url, *person.console, *person.faults]
    try:
        (ARTIFACTS / f"{person.name}.html").write_text(await person.page.content())
        await person.page.screenshot(path=ARTIFACTS / f"{person.name}.png", full_page=True)
    except Error as error:  # what failed is worth more than how the page looked
        notes.append(f"The page could not be kept: {error}")
    (ARTIFACTS / f"{person.name}.log").write_text("\n".join(notes))


def write_camera(path: Path, colour: Rgb, size: Size = USUAL) -> None:
    """Two frames of one colour as YUV4MPEG2 (BT.601, limited range); Chromium plays them in a circle."""
    width, height, rate = size
    red, green, blue = colour
    luma = 16 + 0.257 * red + 0.504 * green + 0.098 * blue
    cb = 128 - 0.148 * red - 0.291 * green + 0.439 * blue
    cr = 128 + 0.439 * red - 0.368 * green - 0.071 * blue
    quarter = width * height // 4
    frame = bytes([round(luma)]) * (4 * quarter) + bytes([round(cb)]) * quarter + bytes([round(cr)]) * quarter
    path.write_bytes(
        f"YUV4MPEG2 W{width} H{height} F{rate}:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + frame) * 2
    )


def write_microphone(path: Path, hz: float, level: float = 0.4) -> None:
    """Bursts of a tone, five changes a second: Chromium's noise suppression takes a steady tone for noise."""
    n = np.arange(2 * RATE)
    bursts = level * np.sin(2 * np.pi * hz * n / RATE) * ((n // (RATE // 5)) % 2 == 0)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "NONE"))
        file.writeframes((bursts * 32767).astype("<i2").tobytes())
