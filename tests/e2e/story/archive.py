"""The end of the meeting, its recording, and what is in it."""

import re
import time
from pathlib import Path

from playwright.async_api import expect

from tests.e2e.modgov import MILL_LANE, MINUTES, RESTRICTED, SECRET, WORK_PROGRAMME
from tests.e2e.story.broadcast import next_item
from tests.e2e.story.story import COMMITTEE, EMAIL, GUILTY, MARGIN, QUESTION, SLATE, Story
from tests.support.judge import (
    CHAMBER,
    HEARD,
    PRIVATE,
    RESIDENT,
)
from tests.support.outputs import PublicOutputs, decoded


async def the_end(story: Story) -> None:
    """8. The clerk ends the meeting: within ten seconds the same page plays the recording."""
    await next_item(story, WORK_PROGRAMME.number)
    await story.viewer.visitor.sees(CHAMBER.colour)
    begun = time.monotonic()
    await story.clerk.end()
    await expect(story.viewer.page.locator(".mh-player__start")).to_contain_text("Play the recording")
    await story.viewer.play()
    await story.viewer.visitor.sees(CHAMBER.colour)
    story.figures["recording plays"] = round(time.monotonic() - begun, 2)
    assert time.monotonic() - begun < 10


async def after(story: Story) -> None:
    """Chapters, jumps, links to ModGov and to documents, the answered question's moment."""
    async with story.http.get(f"{story.meeting}/chapters.json") as response:
        text = await response.text()
    for item in (MINUTES, MILL_LANE, WORK_PROGRAMME):
        assert item.title in text
    viewer = story.viewer
    for item in (MINUTES, MILL_LANE, RESTRICTED, WORK_PROGRAMME):
        await expect(viewer.item(item.number).locator("a.agenda-jump")).to_have_count(1)
    await jump(story, MILL_LANE.number)
    await viewer.open(f"{story.meeting}?t=3")
    await viewer.play()
    await viewer.plays_from(3)
    entry = f"{story.modgov.base_url}/ieListDocuments.aspx?CId={COMMITTEE}&MId=4967#AI{MILL_LANE.modgov_id}"
    await expect(viewer.item(MILL_LANE.number).locator(f'a[href="{entry}"]')).to_have_count(1)
    await expect(viewer.page.locator("#questions")).to_contain_text(QUESTION)
    async with story.http.get(story.meeting) as response:
        (moment,) = re.findall(r'question-moment" href="\?t=(\d+)"', await response.text())
    answer = viewer.page.get_by_role("link", name="Watch the answer")
    await answer.or_(viewer.page.get_by_role("button", name="Watch the answer")).click()
    await viewer.plays_from(int(moment))


async def jump(story: Story, number: str) -> None:
    viewer = story.viewer
    item = await viewer.item(number).get_attribute("data-item-id")
    data = await viewer.visitor.page_data()
    (chapter,) = [one for one in data["chapters"] if str(one["item_id"]) == item]
    await viewer.open(f"{story.meeting}?item={item}")
    await viewer.play()
    await viewer.plays_from(chapter["playback"])
    await viewer.visitor.sees(CHAMBER.colour)


async def nothing_private_anywhere(story: Story, outputs: PublicOutputs) -> None:
    """Every picture, sound and text that the public could have is searched."""
    async with story.http.get(f"{story.meeting}/recording.mp4") as response:
        assert response.status == 200
        recording = decoded("recording", await response.read())
    everything = [*outputs.evidence(), recording]
    kinds = {output.name.split()[0] for output in everything}
    assert kinds == {"snapshots", "parts", "segments", "recording"}
    for output in everything:
        assert not output.shows(PRIVATE), output.name
        assert output.level(PRIVATE) < GUILTY, output.name
    # The same search finds what was public, so it would have found the rest.
    for kind in kinds:
        mine = [output for output in everything if output.name.startswith(kind)]
        for source in (CHAMBER, RESIDENT):
            assert any(output.shows(source) for output in mine), kind
            assert kind == "snapshots" or any(output.level(source) > HEARD for output in mine), kind
    assert any(picture.shows(SLATE, MARGIN) for picture in recording.pictures), "the recording has the slate"
    assert not outputs.lost
    for text in outputs.texts:
        assert SECRET not in text
        assert EMAIL not in text
    folder = next(Path(story.house.environment["MOOTHALL_DATA_DIR"]).glob(f"**/{story.ref}/recording"))
    await story.house.run("verify", str(folder))


async def the_minutes_come_later(story: Story) -> None:
    """Importing again adds the minutes to the open page, and what happened in the meeting stays."""
    await story.viewer.open(story.meeting)
    await story.viewer.page.evaluate("() => { window.sameDocument = true }")
    await expect(story.viewer.page.locator("main")).not_to_contain_text(MINUTES.minutes)
    story.modgov.minutes_published = True
    await story.import_meetings()
    await expect(story.viewer.page.locator("main")).to_contain_text(MINUTES.minutes)
    assert await story.viewer.page.evaluate("() => window.sameDocument"), "it was not loaded anew"
    await expect(story.viewer.item(MINUTES.number).locator("a.agenda-jump")).to_have_count(1)
