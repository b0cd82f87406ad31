"""Who takes part with a browser: a shared screen, a tab that dies, and a private session."""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.resident import Resident
from tests.e2e.stage import SLIDES, SPEAKERS, Stage, stage
from tests.support.browser import CHROMIUM, Visitor
from tests.support.judge import CHAMBER, PRIVATE, Region, Signature, loudest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.asyncio(loop_scope="module"),
]

ADA, BEN, CLEO = SPEAKERS[:3]
SLIDE = Signature("slide", (120, 200, 20), 0.0)
SLIDE_PLACE: Region = (0.3, 0.4, 0.5, 0.6)
BESIDE: Region = (0.8, 0.45, 0.95, 0.55)
CHAMBER_OF_THREE: Region = (0.1, 0.1, 0.4, 0.2)
"""Of its place in the grid of three: beside one speaker it stands lower."""
SLATE = (29, 78, 107)
PLATE = Signature("plate of a name", (11, 12, 12), 0.0)
MARGIN: Region = (0.93, 0.1, 0.99, 0.4)
PRIVATE_PICTURE = ".mh-private video"
PROGRAMME = Resident.PROGRAMME
GUILTY = -45.0
"""dBFS. A private tone above this was heard; the click of a change of gate stays below."""
LEAVES_SECONDS = 2.0
VIEWER_SECONDS = 0.4
"""What a viewer has when a tab dies is so old at most."""
KEPT_SECONDS = 120
SILENCE_SECONDS = 45.0
PICTURES = 25
"""A second, in the programme."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with stage(tmp_path_factory.mktemp("stage")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def hall(shared: Stage) -> AsyncIterator[Stage]:
    """The same for all, with nobody on air at the beginning."""
    await shared.viewer.visitor.sees_shares(CHAMBER, least=0.8)
    yield shared
    await shared.clear()


async def test_an_officer_shares_a_screen(hall: Stage) -> None:
    clerk, seen = hall.clerk, hall.viewer.visitor
    slides = await clerk.visitor.context.new_page()
    await slides.set_content(f"<title>{SLIDES}</title><body style='background: rgb{SLIDE.colour}'>")
    await clerk.share_a_screen()
    await seen.sees(SLIDE.colour, SLIDE_PLACE)
    await seen.sees(CHAMBER.colour, BESIDE)
    await hall.desk.studio(lambda told: told["layout"] == "presentation", "the presentation")
    await seen.start_watch("slide", SLIDE)
    await hall.desk.ticks(4 * PICTURES)
    watched = await seen.end_watch("slide")
    assert watched.frames > PICTURES
    assert watched.guilty == watched.frames, "a slide that stands still goes away"
    await clerk.stop_sharing()
    await seen.sees_shares(CHAMBER, least=0.8, gone=[SLIDE])
    await slides.close()


async def test_a_speaker_whose_tab_dies_leaves_the_picture_and_finds_their_place(hall: Stage) -> None:
    seen = hall.viewer.visitor
    async with hall.guest(ADA) as ada, hall.guest(BEN) as ben:
        await hall.bring(ada, ben)
        await seen.sees_shares(CHAMBER, ADA, BEN, least=0.12)
        await seen.start_watch("three", CHAMBER, region=CHAMBER_OF_THREE)
        died = time.time()
        await ben.visitor.crash()
        await seen.sees_shares(CHAMBER, ADA, least=0.15, gone=[BEN])
        watched = await seen.end_watch("three")
        print(f"a dead tab was in the layout for {watched.lasted:.2f} s")
        assert 0 < watched.lasted < LEAVES_SECONDS + VIEWER_SECONDS
        await hall.clerk.sees_lost(ben.name)
        kept = hall.row(ben)["kept_until_ms"] / 1000 - died
        assert KEPT_SECONDS < kept < KEPT_SECONDS + 5
        async with hall.at_browser(BEN) as again:
            resident = Resident(again)
            await again.page.goto(ben.link)
            await again.page.get_by_role("button", name="Continue on this device").click()
            await resident.is_called()
            await seen.sees_shares(CHAMBER, ADA, least=0.15, gone=[BEN])
            await hall.clerk.admit(ben.name)
            await resident.is_on_air()
            await seen.sees_shares(CHAMBER, ADA, BEN, least=0.12)
            assert not again.faults


async def test_names_are_in_the_picture_for_as_long_as_an_officer_says_so(hall: Stage) -> None:
    seen = hall.viewer.visitor
    async with hall.guest(ADA) as ada:
        await hall.bring(ada)
        await hall.desk.call("layout.set", layout="speaker")
        await seen.sees_shares(ADA, least=0.9, gone=[PLATE])
        await hall.clerk.names()
        told = await hall.desk.studio(lambda told: told["captions_visible"], "names in the picture")
        assert f"{ada.name}, resident, item 5" in told["captions"].values()
        await seen.sees_shares(ADA, PLATE, least=0.01)
        await hall.clerk.names()
        await seen.sees_shares(ADA, least=0.9, gone=[PLATE])
        await hall.dismiss(ada)


async def test_a_speaker_does_without_the_picture_and_has_it_back(hall: Stage) -> None:
    """By the count of viewers: a picture that is off is not sent either."""
    # Of a tab that died the relay learns by its silence.
    await viewers(hall, 1, SILENCE_SECONDS)
    async with hall.guest(ADA) as ada:
        await hall.bring(ada, on_air=False)
        await viewers(hall, 2)
        await ada.resident.does_without_the_picture()
        await viewers(hall, 1)
        await ada.visitor.hears(CHAMBER.hz, selector=Resident.RETURN)
        await ada.resident.wants_the_picture()
        await ada.visitor.sees_shares(CHAMBER, least=0.8, selector=PROGRAMME)
        await viewers(hall, 2)


async def viewers(hall: Stage, count: int, seconds: float = 20.0) -> None:
    """Wait until so many have the programme by WebRTC: the one in the hall, and the speaker."""
    await hall.desk.until("engine", lambda told: told["viewers"] == count, f"{count} viewers", seconds)


async def test_a_private_session_is_for_those_who_were_admitted(hall: Stage) -> None:
    seen = hall.viewer.visitor
    async with hall.guest(ADA) as ada, hall.guest(BEN) as ben, hall.guest(CLEO) as cleo:
        await hall.bring(ada, ben)
        await hall.bring(cleo, on_air=False)
        await hall.go_to("Exempt")
        await hall.clerk.go_private("9", paragraph=3)
        await seen.start_watch("private", PRIVATE)
        for place in (PROGRAMME, PRIVATE_PICTURE, Resident.RETURN):
            await cleo.visitor.start_watch(place, PRIVATE, place)
        await hall.encoder.switch()
        await hall.clerk.picture_shows(hall.ref, "chamber", PRIVATE.colour)
        await ada.visitor.does_not_hear(PRIVATE.hz, Resident.RETURN)
        for guest in (ada, ben):
            await hall.clerk.admit_privately(guest.name)
        for guest, other in ((ada, ben), (ben, ada)):
            await guest.visitor.sees_shares(PRIVATE, other.source, least=0.12, selector=PRIVATE_PICTURE)
            await guest.visitor.hears(PRIVATE.hz, selector=Resident.RETURN)
            await guest.visitor.hears(other.source.hz, selector=Resident.RETURN)
        await seen.sees(SLATE, MARGIN)
        await cleo.visitor.sees(SLATE, MARGIN, PROGRAMME)
        await expect(cleo.visitor.page.locator(".mh-private")).to_be_hidden()
        for person, place in ((seen, "video"), (cleo.visitor, PROGRAMME), (cleo.visitor, Resident.RETURN)):
            await hears_nothing(person, place, PRIVATE, ADA, BEN)
        watched = await seen.end_watch("private")
        dark = await cleo.visitor.end_watch(PRIVATE_PICTURE)
        waiting = [await cleo.visitor.end_watch(place) for place in (PROGRAMME, Resident.RETURN)]
        assert watched.frames > PICTURES
        assert waiting[0].frames > PICTURES
        assert not any(one.guilty for one in (watched, dark, *waiting))
        assert all(one.sounds and one.level < GUILTY for one in (watched, *waiting))
        await hall.encoder.switch_back()
        await hall.clerk.picture_shows(hall.ref, "chamber", CHAMBER.colour)
        await hall.clerk.return_to_public()
        await seen.sees_shares(CHAMBER, ADA, BEN, least=0.12, gone=[PRIVATE])


async def hears_nothing(person: Visitor, place: str, *sources: Signature) -> None:
    """Of these, while there is a sound track."""
    sound = await person.hear(place)
    assert sound.size, f"{person.name} has no sound at all"
    levels = {source.name: loudest(sound, source.hz) for source in sources}
    assert max(levels.values()) < GUILTY, f"{person.name} hears {levels}"
