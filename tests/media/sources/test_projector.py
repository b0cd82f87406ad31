"""Pages of real PDFs, rendered by the real process."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media.clock import SystemClock
from media.control.command import Refused
from media.control.picture import PageStatus
from media.programme.picture import planes
from media.sources.desk import FeedDesk
from media.sources.intake import PRESENTATION, Intake
from media.sources.projector import Projector
from media.sources.renderer import NotRendered, Renderer
from tests.media.sources.children import decoders
from tests.support.documents import BLUE, GREEN, RED, write_pdf
from tests.support.waiting import until

MODULE = "media.sources.pages"


@pytest.fixture
def desk() -> FeedDesk:
    return FeedDesk(SystemClock(), print)


@pytest.fixture
async def projector(desk: FeedDesk) -> AsyncIterator[Projector]:
    projector = Projector(desk, SystemClock())
    yield projector
    await projector.stop()
    assert decoders(module=MODULE) == []


def page(number: int, pages: int = 2) -> PageStatus:
    return PageStatus(title="Plans", page=number, pages=pages)


def test_a_page_stands_letterboxed_on_the_canvas(tmp_path: Path) -> None:
    wide = Renderer(write_pdf(tmp_path / "wide.pdf", RED))
    tall = Renderer(write_pdf(tmp_path / "tall.pdf", GREEN, size=(595, 842)))
    for renderer, corner_is_dark in ((wide, False), (tall, True)):
        luma, _, _ = planes(renderer.render(1))
        assert luma.shape == (720, 1280)
        assert (int(luma[360, 40]) < 50) is corner_is_dark
        assert int(luma[360, 640]) > 60
        renderer.close()


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + os.urandom(5000), b"PK\x03\x04", b""])
def test_what_is_no_pdf_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.pdf").write_bytes(content)
    renderer = Renderer(tmp_path / "bad.pdf")
    with pytest.raises(NotRendered, match=r"PDF"):
        renderer.render(1)
    renderer.close()


def looks(intake: Intake | None) -> tuple[int, int, int] | None:
    frame = intake.latest_picture(intake.clock.monotonic()) if intake is not None else None
    if frame is None:
        return None
    y, u, v = planes(frame)
    return int(y[360, 640]), int(u[180, 320]), int(v[180, 320])


async def shown(desk: FeedDesk, red_wins: bool) -> None:
    def there() -> bool:
        colour = looks(desk.find(PRESENTATION))
        return colour is not None and (colour[2] > 160) is red_wins

    await until(there, "the page")


async def test_pages_are_shown_for_as_long_as_wanted(
    tmp_path: Path, desk: FeedDesk, projector: Projector
) -> None:
    document = write_pdf(tmp_path / "plans.pdf", RED, BLUE)
    await projector.show(document, page(1))
    await shown(desk, red_wins=True)
    await projector.show(document, page(2))
    await shown(desk, red_wins=False)
    intake = desk.find(PRESENTATION)
    assert intake is not None
    assert intake.status().label == "Plans, page 2 of 2"
    first = intake.status()
    await asyncio.sleep(1.0)
    assert looks(intake) is not None, "a page that stands still is not taken for a lost source"
    assert (first.kind, first.state) == ("pages", "live")
    await projector.stop()
    assert (projector.page, intake.finished) == (None, True)


async def test_a_page_that_does_not_exist_leaves_the_other_up(
    tmp_path: Path, desk: FeedDesk, projector: Projector
) -> None:
    document = write_pdf(tmp_path / "plans.pdf", RED, BLUE)
    await projector.show(document, page(1))
    for bad in (page(3), page(3, pages=5)):
        with pytest.raises(Refused) as refusal:
            await projector.show(document, bad)
        assert refusal.value.code == "bad_page"
    assert projector.page == page(1)
    await shown(desk, red_wins=True)


async def test_a_renderer_that_was_killed_is_replaced(
    tmp_path: Path, desk: FeedDesk, projector: Projector
) -> None:
    document = write_pdf(tmp_path / "plans.pdf", RED, BLUE)
    await projector.show(document, page(1))
    (child,) = decoders(module=MODULE)
    os.kill(child, signal.SIGKILL)
    await shown(desk, red_wins=True)
    await projector.show(document, page(2))
    await shown(desk, red_wins=False)


async def test_a_shared_screen_takes_the_place_of_a_page_and_gives_it_back(
    tmp_path: Path, desk: FeedDesk, projector: Projector
) -> None:
    document = write_pdf(tmp_path / "plans.pdf", RED, BLUE)
    await projector.show(document, page(1))
    screen = desk.arrive(PRESENTATION, "whip", "Screen of Ann Clark")
    await until(lambda: projector.page is None, "the page to go")
    assert desk.find(PRESENTATION) is screen
    await projector.show(document, page(2))
    assert screen.finished
    await shown(desk, red_wins=False)


async def test_a_page_that_is_taken_down_stays_down_even_if_it_is_being_drawn(
    tmp_path: Path, desk: FeedDesk, projector: Projector
) -> None:
    document = write_pdf(tmp_path / "plans.pdf", RED, BLUE)
    await projector.show(document, page(1))
    drawing = asyncio.create_task(projector.show(document, page(2)))
    await asyncio.sleep(0)
    async with projector.taken_down():
        gone = desk.find(PRESENTATION)
        assert gone is not None
        assert (projector.page, gone.finished) == (None, True)
        with pytest.raises(Refused) as late:
            await drawing
        with pytest.raises(Refused) as meanwhile:
            await projector.show(document, page(1))
    with pytest.raises(Refused) as unwanted:
        await projector.show(document, page(1), lambda: False)
    assert {late.value.code, meanwhile.value.code, unwanted.value.code} == {"gate_moved"}
    assert projector.page is None
    await projector.show(document, page(2))
    await shown(desk, red_wins=False)
