"""One officer runs a whole meeting with at most sixty keys at the console, none of them for the index.

Twelve items, four residents who speak, 25 questions and one private item. The officer is a browser without a
mouse; encoder, residents and viewers are real clients without a browser.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.crowded.long_agenda import CHAIR, PRIVATE, SPOKEN_TO, TITLES, LongModGov
from tests.crowded.officer import Officer
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.far_speaker import FarSpeaker, register
from tests.support.judge import CHAMBER
from tests.support.publishers import Feed, FfmpegPublisher, rtmp
from tests.support.services import House, embedded
from tests.support.waiting import until_async

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.timeout(240),
]

MOST_PRESSES = 60
COMMITTEE = "144"
NAMES = ("Ada Moss", "Ben Stone", "Cleo Reed", "Dev Hart")
ASKED = {2: 10, 6: 8, 9: 7}
"""Number of an item → how many questions come while it is current."""
ALOUD = {3: 2, 10: 2}
"""Number of an item → how many questions are answered aloud then."""
PERSONAL = "Will Kim Roe of kim.roe@example.org be asked about it?"


@dataclass
class Hall:
    """The meeting, and what its people work with."""

    house: House
    ref: str
    http: ClientSession
    asked: int = 0

    @property
    def meeting(self) -> str:
        return f"{self.house.address}/meetings/{self.ref}"

    async def json(self, path: str) -> Any:
        async with self.http.get(f"{self.meeting}/{path}") as response:
            assert response.status == 200, path
            return await response.json()

    async def ask(self, text: str) -> None:
        """A question by the form, from a device that has asked nothing before."""
        self.asked += 1
        form = {"text": text, "author": "", "client_id": f"question-{self.asked}"}
        headers = {"Origin": self.house.address, "Cookie": f"device=viewer-{self.asked}"}
        address = f"{self.meeting}/questions"
        async with self.http.post(address, data=form, headers=headers, allow_redirects=False) as response:
            assert response.status == 303, await response.text()

    async def register(self) -> dict[int, list[FarSpeaker]]:
        """Two residents on each of the items that can be spoken to; item → residents."""
        agenda = (await self.json("state.json"))["agenda"]
        names = iter(NAMES)
        return {
            number: [
                await register(self.http, self.meeting, next(names), agenda[number - 1]["id"])
                for _ in range(len(NAMES) // len(SPOKEN_TO))
            ]
            for number in SPOKEN_TO
        }


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A meeting in two weeks, imported."""
    day = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=14)
    async with (
        embedded(tmp_path) as house,
        LongModGov(meeting_date=f"{day:%d/%m/%Y}") as modgov,
        ClientSession(cookie_jar=DummyCookieJar()) as http,
    ):
        first, last = day - timedelta(days=1), day + timedelta(days=1)
        await house.run(
            *("import", "modgov", "--base-url", modgov.base_url, "--committee", COMMITTEE),
            *("--from", f"{first:%d/%m/%Y}", "--to", f"{last:%d/%m/%Y}"),
        )
        yield Hall(house, f"{day:%Y-%m-%d}-audit-committee", http)


async def test_one_officer_runs_a_meeting_with_sixty_keys(hall: Hall, tmp_path: Path) -> None:
    residents = await hall.register()
    async with (
        chromium(tmp_path) as browser,
        visitor(browser, "officer", width=1366, height=768) as person,
        AsyncExitStack() as homes,
    ):
        officer = Officer(person)
        await officer.sign_in(await hall.house.sign_in_link("clerk@example.org", "Alex Clerk"))
        await officer.open(f"{hall.house.address}/console/meetings/{hall.ref}")
        await officer.confirm_speakers(*NAMES)
        await officer.open_room()
        await officer.reads("chair", CHAIR)
        await homes.enter_async_context(await encoder(officer, tmp_path))
        await officer.sees_line("feed", "fine")
        await officer.sees_line("sound", "fine")
        await officer.sees_line("slate", "fine")
        for resident in (one for some in residents.values() for one in some):
            await homes.enter_async_context(resident.at_home(hall.http, hall.house.address))
        await officer.go_live()
        for number, title in enumerate(TITLES, start=1):
            await officer.next_item(title)
            await business(hall, officer, number, residents)
        await officer.end()
        assert not person.faults
        assert await officer.felt() == (officer.presses.total(), 0)
    print(officer.presses.total(), dict(officer.presses))
    assert officer.presses.total() <= MOST_PRESSES
    await the_index_is_whole(hall)


async def encoder(officer: Officer, directory: Path) -> FfmpegPublisher:
    """The chamber's."""
    data = await officer.visitor.page_data()
    address = f"{data['urls']['rtmp'].rstrip('/')}/{data['snapshot']['stream_keys']['chamber']}"
    return FfmpegPublisher(Feed(CHAMBER), rtmp(address), directory / "chamber.log")


async def business(hall: Hall, officer: Officer, number: int, residents: dict[int, list[FarSpeaker]]) -> None:
    """What happens while an item is current."""
    for resident in residents.get(number, []):
        await officer.hear(resident.name)
    if number in ASKED:
        await questions(hall, officer, ASKED[number])
    for _ in range(ALOUD.get(number, 0)):
        await officer.answer_aloud()
    if number == PRIVATE:
        await officer.go_private(f"{PRIVATE}.", paragraph=3)
        state = await public(hall, "private")
        assert f"excluded for item {PRIVATE}" in state["notice"]["title"]
        await officer.return_to_public()
        assert (await public(hall, "live"))["notice"] is None


async def questions(hall: Hall, officer: Officer, count: int) -> None:
    """So many come, and nobody sees one before it was approved. One of the last is rejected as personal."""
    texts = [f"Question {hall.asked + n + 1}: what does it cost?" for n in range(count)]
    personal = hall.asked + count == sum(ASKED.values())
    if personal:
        texts[0] = PERSONAL
    before = len((await hall.json("state.json"))["questions"])
    await asyncio.gather(*map(hall.ask, texts))
    assert len((await hall.json("state.json"))["questions"]) == before
    await officer.approve_together(count - personal, left=int(personal))
    if personal:
        await officer.reject_as_personal()


async def public(hall: Hall, state: str) -> Any:
    """What everybody may read, once it says that the meeting is in a state."""

    async def said() -> Any:
        told = await hall.json("state.json")
        return told if told["state"] == state else None

    return await until_async(said, f"the public page to be {state}")


async def the_index_is_whole(hall: Hall) -> None:
    """Items, speakers, answers and the gate have their moments, though nobody pressed a key for one."""
    state = await hall.json("state.json")
    index = state["index"]
    agenda = [item["id"] for item in state["agenda"]]
    # An item is stamped again when the public come back in the middle of it.
    items = list(dict.fromkeys(point["item_id"] for point in index if point["kind"] == "item"))
    assert items == agenda
    assert [point["label"] for point in index if point["kind"] == "speaker"] == [
        f"{name}, resident" for name in NAMES
    ]
    assert sum(point["kind"] == "question" for point in index) == sum(ALOUD.values())
    assert sum(point["kind"] == "gate" for point in index) >= 3
    assert len(state["questions"]) == sum(ASKED.values()) - 1
    assert PERSONAL not in str(state)
    chapters = str(await hall.json("chapters.json"))
    assert all(title in chapters for number, title in enumerate(TITLES, start=1) if number != PRIVATE)
