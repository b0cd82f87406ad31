"""``python -m bench.impair``: what a real Chromium sees while its line is bad, and how soon it recovers.

For each server and each condition: a new viewer, some seconds of a clear line, the bad line, a clear one.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from itertools import product
from pathlib import Path
from statistics import mean

from playwright.async_api import Browser, Page

from bench.fanout.feed import Feed
from bench.fanout.hall import Hall, hall
from bench.fanout.janus import Mountpoint, mountpoint
from bench.impair.condition import CLEAR, CONDITIONS, NARROW, Condition
from bench.impair.hls import Packager, packaged
from bench.impair.line import Line, bad_line
from bench.impair.story import Sample, Story, tell
from bench.latency.janus import installed
from tests.support.browser import chromium
from tests.support.network import WHY_NOT

PAGE = Path(__file__).parent.parent / "crowd" / "viewer.html"
CLEAR_SECONDS, SAMPLE_SECONDS = 5.0, 0.1
OUTAGE_SECONDS = 3.0
READY_PICTURES = 50
WAIT_SECONDS = 30.0
DOWN_TARGET = 3.0
"""Seconds until a viewer of ours has a picture that fits a line which carries no more."""


async def connect_hall(page: Page, server: Hall) -> None:
    """The page offers."""
    answer = await server.open(await page.evaluate("offer()"))
    await page.evaluate("sdp => accept(sdp)", answer)


async def connect_janus(page: Page, server: Mountpoint) -> None:
    """Janus offers."""
    handle, offer = await server.watch()
    await server.start(handle, await page.evaluate("sdp => answer(sdp)", offer))


async def go_through(page: Page, line: Line, condition: Condition, seconds: float, after: float) -> Story:
    """Clear, bad, clear."""
    samples: list[Sample] = []

    async def sample(length: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + length
        while loop.time() < until:
            if (found := await page.evaluate("sample()")) is not None:
                samples.append(Sample(**found))
            await asyncio.sleep(SAMPLE_SECONDS)

    async with asyncio.timeout(WAIT_SECONDS):
        while not samples or samples[-1].decoded < READY_PICTURES:
            await sample(SAMPLE_SECONDS)
    samples.clear()
    await sample(CLEAR_SECONDS)
    bad = samples[-1].at
    await line.become(condition)
    await sample(OUTAGE_SECONDS if condition.dead else seconds)
    good = samples[-1].at
    await line.become(CLEAR)
    await sample(after)
    return tell(samples, bad, good)


async def one(
    browser: Browser, name: str, host: str, line: Line, condition: Condition, options: argparse.Namespace
) -> Story:
    """One viewer of one server at ``host`` under one condition."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / name
        page = await browser.new_page()
        stack.push_async_callback(page.close)
        feed = Feed(small=True)
        server: Hall | Mountpoint | Packager
        if name == "moothall":
            server = await stack.enter_async_context(hall(folder, address=host))
        elif name == "hls":
            server = await stack.enter_async_context(packaged(folder, host))
        else:
            library = installed()
            assert library is not None
            server = await stack.enter_async_context(mountpoint(folder, library))
        playing = asyncio.create_task(_play(feed, server))
        stack.push_async_callback(asyncio.wait, [playing])
        stack.callback(playing.cancel)
        await feed.begun.wait()
        await _watch(page, server)
        return await go_through(page, line, condition, options.seconds, options.after)


async def _watch(page: Page, server: Hall | Mountpoint | Packager) -> None:
    if isinstance(server, Packager):
        await page.goto(server.address)
        return
    await page.set_content(PAGE.read_text())
    if isinstance(server, Hall):
        await connect_hall(page, server)
    else:
        await connect_janus(page, server)


async def _play(feed: Feed, server: Hall | Mountpoint | Packager) -> None:
    while True:
        await feed.play(1, server)


async def measure(options: argparse.Namespace) -> dict[str, dict[str, list[Story]]]:
    """Stories by server and condition."""
    chosen = [
        one for one in CONDITIONS if not options.conditions or one.name in options.conditions.split(",")
    ]
    stories: dict[str, dict[str, list[Story]]] = {name: {} for name in options.only.split(",")}
    async with bad_line() as (elsewhere, line):
        print(f"The line: {line.name}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            async with chromium(Path(folder), within=elsewhere.within) as browser:
                for _, condition, (name, told) in product(range(options.rounds), chosen, stories.items()):
                    story = await one(browser, name, elsewhere.here, line, condition, options)
                    told.setdefault(condition.name, []).append(story)
                    print(f"{name:9}{condition.name:12}{_line(story)}", flush=True)
    return stories


def _line(story: Story) -> str:
    down, fluent, full = (
        "–" if value is None else f"{value:.1f} s"
        for value in (story.down_after, story.fluent_after, story.full_after)
    )
    return (
        f"{story.freezes:3} freezes, {story.frozen:5.2f} s; {story.pictures:5.1f} pictures a second; "
        f"{story.switches} switches, the first down after {down}; fluent again after {fluent}, 720p {full}"
    )


def summary(stories: dict[str, dict[str, list[Story]]]) -> dict[str, dict[str, dict[str, float | None]]]:
    """Means over the rounds."""

    def average(values: Sequence[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return round(mean(known), 2) if len(known) == len(values) else None

    return {
        server: {
            condition: {key: average([asdict(story)[key] for story in told]) for key in asdict(told[0])}
            for condition, told in conditions.items()
        }
        for server, conditions in stories.items()
    }


def soon_down(stories: Sequence[Story]) -> bool:
    """Whether viewers whose line was too narrow for 720p were moved down in time."""
    return all(one.down_after is not None and one.down_after <= DOWN_TARGET for one in stories)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.impair", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of the bad line; an outage takes 3")
    parser.add_argument("--after", type=float, default=20.0, help="seconds of a clear line afterwards")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--conditions", default="", help="names, separated by commas")
    parser.add_argument("--only", default="moothall,janus,hls", help="moothall, janus, hls")
    options = parser.parse_args()
    if WHY_NOT:
        print(f"bench-impair has nowhere to put a bad line: {WHY_NOT}.", file=sys.stderr)
        return 1
    stories = asyncio.run(measure(options))
    good = soon_down(stories.get("moothall", {}).get(NARROW.name, []))
    print(json.dumps({"bench": "impair", **summary(stories), "within_target": good}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
