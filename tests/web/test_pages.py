"""Every page: its words, its headers, and what must not be in it."""

import base64
import hashlib
import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from tests.web.conftest import SECRETS, Site, record
from web.middleware.headers import DEVICES, NO_DEVICES

PUBLIC_PAGES = (
    "/",
    "/?q=planning",
    "/meetings/{ref}",
    "/meetings/{ref}/register",
    "/accessibility",
    "/privacy",
    "/speak/unknown",
    "/sign-in/unknown",
    "/nowhere",
    "/console",
)
PUBLIC_DATA = (
    "/meetings/{ref}/state.json",
    "/api/v1/meetings",
    "/api/v1/meetings/{ref}",
    "/api/v1/openapi.json",
    "/theme.css",
    "/icon.svg",
    "/healthz",
)


class Outline(HTMLParser):
    """Headings, landmarks, ids and what the policy would refuse."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.labels: set[str] = set()
        self.fields: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.ids += [name for name in [values.get("id")] if name]
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        if tag == "label" and values.get("for"):
            self.labels.add(values["for"] or "")
        if tag in ("input", "select", "textarea") and values.get("type") != "hidden":
            self.fields.add(values.get("id") or "?")


@pytest.mark.parametrize("path", PUBLIC_PAGES)
async def test_a_page_is_whole_and_its_policy_holds(site: Site, path: str) -> None:
    async with site.client.get(path.format(ref=site.house.ref)) as response:
        page = await response.text()
    assert response.content_type == "text/html"
    outline = Outline(page)
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("main") == 1
    assert {"header", "nav", "footer"} <= set(outline.tags)
    assert 'href="#main-content"' in page
    assert 'lang="en"' in page
    assert outline.inline == []
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.fields <= outline.labels
    assert "GDS" not in page
    assert "crown" not in page
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Permissions-Policy"] == (DEVICES if path.startswith("/speak/") else NO_DEVICES)


@pytest.mark.parametrize("path", PUBLIC_PAGES + PUBLIC_DATA)
async def test_no_secret_is_in_what_the_public_get(site: Site, path: str) -> None:
    await site.house.live()
    async with site.client.get(path.format(ref=site.house.ref)) as response:
        body = await response.text()
    assert "X-Content-Type-Options" in response.headers
    assert [secret for secret in SECRETS if secret in body] == []


async def test_after_the_meeting_no_secret_is_out_either(site: Site) -> None:
    await site.end()
    for path in (
        site.meeting,
        f"{site.meeting}/chapters.vtt",
        f"{site.meeting}/chapters.json",
        f"/api/v1{site.meeting}",
    ):
        body = await site.text(path)
        assert [secret for secret in SECRETS if secret in body] == []


async def test_home_sorts_and_finds_meetings(site: Site) -> None:
    assert "Coming up" in await site.text("/")
    assert "1 meeting found" in await site.text("/?q=planning%20COMM")
    nothing = await site.text("/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "No meeting has" in nothing
    assert "<script>alert" not in nothing
    await site.house.live()
    assert "Live now" in await site.text("/")


async def test_old_meetings_are_found_and_listed_page_by_page(site: Site) -> None:
    await site.add_meetings(120)
    assert "Planning Committee Nº 7<" in await site.text("/?q=nº+7")
    first = await site.text("/?q=Nº")
    assert "120 meetings found" in first
    assert "Later meetings" not in first
    pages = [await site.text(f"/?q=Nº&page={number}") for number in (1, 2, 3)]
    assert [page.count("meeting-list__item") for page in pages] == [50, 50, 20]
    assert "Earlier meetings" not in pages[-1]
    onwards = re.search(r'href="(\?q=[^"]*)" rel="next"', pages[0])
    assert onwards is not None
    assert "Nº 69<" in await site.text("/" + onwards[1].replace("&amp;", "&"))
    assert "There are no more meetings" in await site.text("/?page=9")
    for wrong in ("0", "-1", "x", "9" * 30):
        assert "There is no such page" in await site.text(f"/?page={wrong}", 422)
    assert "No meeting has" in await site.text("/?q=100%25"), "a per cent sign is a per cent sign"


async def test_the_page_before_the_meeting(site: Site) -> None:
    page = await site.text(site.meeting)
    assert "Thursday 26 November 2026, 6:30pm" in page
    assert "Register to speak" in page
    assert '"phase":"before"' in page
    assert 'id="player"' not in page
    assert "Councillor Ada Ash, Chair" in page
    assert "https://modgov.example.org/report.pdf" in page
    assert "not the formal record" in page
    assert "1 paper of this item is not public." in page


async def test_a_restricted_item_is_a_number_and_a_sentence(site: Site) -> None:
    page = await site.text(site.meeting)
    item = re.search(rf'<li id="item-{site.house.items[3]}".*?</li>', page, re.DOTALL)
    assert item is not None
    assert "9." in item[0]
    assert "This item is to be considered in private." in item[0]
    assert "<a" not in item[0]


async def test_the_page_during_the_meeting(site: Site) -> None:
    await site.house.live()
    await site.house.next()
    page = await site.text(site.meeting)
    assert '<div id="player" data-poster=' in page
    assert 'id="speaker-line"' in page
    assert '"phase":"live"' in page
    assert 'aria-current="step"' in page
    line = re.search(r'<div id="speaker-line".*?</div>', page, re.DOTALL)
    assert line is not None
    assert f'Now <a class="govuk-link" href="#item-{site.house.items[0]}">1. ' in line[0]
    await site.house.do("meeting.adjourn", reason="Short break", expected_back="18:45")
    page = await site.text(site.meeting)
    notice = re.search(r'<div id="notice".*?</div>', page, re.DOTALL)
    assert notice is not None
    assert "The meeting is adjourned" in notice[0]
    assert "hidden" not in notice[0]


async def test_an_item_is_expected_at_a_round_time_that_moves_with_the_meeting(site: Site) -> None:
    first, _, lane, private, _ = site.house.items

    async def expected() -> dict[int, str]:
        page = await site.text(site.meeting)
        items = re.findall(r'<li id="item-(\d+)"(.*?)</li>', page, re.DOTALL)
        told = {int(number): re.search(r'agenda-expected">(.*?)<', text) for number, text in items}
        return {number: words[1] for number, words in told.items() if words}

    assert await expected() == {}
    for item, minutes in ((first, 7), (lane, 25)):
        await site.house.do("timetable.expect", item_id=item, minutes=minutes)
    assert await expected() == {
        first: "Expected about 6:30pm",
        lane: "Expected about 6:40pm",
        private: "Expected about 7:05pm",
    }
    await site.house.live()
    await site.house.next()
    site.house.clock.advance(seconds=11 * 60)
    assert await expected() == {lane: "Expected about 6:45pm", private: "Expected about 7:10pm"}
    await site.house.do("meeting.technical", reason="No sound")
    assert await expected() == {}


async def test_an_item_says_to_which_meeting_it_is_deferred(site: Site) -> None:
    _, _, lane, private, _ = site.house.items
    await site.house.live()
    for item, day in ((lane, "2026-12-03"), (private, None)):
        version = (await site.house.meeting()).version
        await site.house.do("business.put_off", item_id=item, to=day, expected_version=version)
    page, cymraeg = await site.text(site.meeting), await site.text(f"/cy{site.meeting}")
    assert re.findall(r'agenda-put-off">(.*?)<', page) == [
        "Deferred to the meeting of Thursday 3 December 2026.",
        "Deferred to a later meeting.",
    ]
    assert "Gohiriwyd i gyfarfod dydd Iau 3 Rhagfyr 2026." in cymraeg.replace("Dydd", "dydd")


async def test_the_page_after_the_meeting(site: Site) -> None:
    question = await site.house.ask("What about bins?")
    await site.house.do("question.approve", question_id=question)
    await site.house.live()
    site.house.clock.advance(seconds=10)
    await site.house.next()
    site.house.clock.advance(seconds=2)
    await site.house.do("question.start_answer", question_id=question)
    await site.house.do("question.finish_answer", question_id=question)
    ref, first = site.house.ref, site.house.items[0]
    record(site.engine.recording(ref))
    await site.house.do("meeting.end", confirmed=True)
    page = await site.text(site.meeting)
    assert '"phase":"after"' in page
    assert f'{{"item_id":{first},"label":"1. Apologies","playback":10.0}}' in page
    assert "Watch from 0:10" in page
    assert 'href="?t=12"' in page
    assert f"/meetings/{ref}/recording.mp4" in page
    assert f'poster="/meetings/{ref}/snapshot.jpg?t=13.0"' in page
    assert '"duration":30.0' in page
    assert '"start":10.0' in await site.text(f"{site.meeting}?item={first}")
    assert '"start":75.0' in await site.text(f"{site.meeting}?t=1m15s")
    assert '"start":null' in await site.text(f"{site.meeting}?t=never")


async def test_what_was_withheld_is_on_the_page_with_its_reason(site: Site) -> None:
    house = site.house
    await house.live()
    assert "Not broadcast" not in await site.text(site.meeting)
    await house.do("meeting.private", item_id=house.items[3], paragraphs=[3], reason="OUR-REASON")
    page = await site.text(site.meeting)
    assert "Since 6:30pm" in page
    house.clock.advance(minutes=12)
    await house.do("meeting.return", confirmed=True)
    await house.do("meeting.end", confirmed=True)
    page = await site.text(site.meeting)
    section = page[page.index("Not broadcast") :]
    assert "6:30pm to 6:42pm" in section
    assert "excluded for item 9" in section
    assert "paragraph 3 of Part 1 of Schedule 12A" in section
    assert "OUR-REASON" not in page
    detail = json.loads(await site.text(f"/api/v1{site.meeting}"))
    assert [one["state"] for one in detail["meeting"]["withheld"]] == ["private"]


async def test_the_privacy_page_says_for_how_long_this_council_keeps_what_people_leave(site: Site) -> None:
    for days, english, welsh in ((90, "90 days", "90 diwrnod"), (2, "2 days", "2 ddiwrnod")):
        site.house.desk.kept_after_meeting = timedelta(days=days)
        page, cymraeg = await site.text("/privacy"), await site.text("/cy/privacy")
        assert f"{english} after a meeting we delete" in page
        assert f"and {english} after the last meeting for which you wrote" in page
        assert f"{welsh} ar ôl cyfarfod" in cymraeg
        assert f"a {welsh} ar ôl y cyfarfod olaf" in cymraeg


async def test_an_unknown_meeting_is_a_calm_page(site: Site) -> None:
    page = await site.text("/meetings/2026-01-01-nowhere", 404)
    assert "There is no such meeting." in page
    assert "Error" not in page


async def test_the_speakers_page_alone_may_ask_for_camera_and_microphone(site: Site) -> None:
    registered, _ = await site.house.resident()
    async with site.client.get(f"/speak/{registered.token}") as response:
        assert response.headers["Permissions-Policy"] == DEVICES


async def test_assets_stay_for_ever_and_nothing_else_is_served(site: Site) -> None:
    async with site.client.get("/static/site-abc123.css") as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    await site.text("/static/none.css", 404)
    await site.text("/static/..%2f..%2fkeys.py", 404)


async def test_the_theme_is_the_councils(site: Site) -> None:
    assert "--council: #1d4e6b; --council-text: #ffffff" in await site.text("/theme.css")


async def test_state_is_cacheable_for_a_second(site: Site) -> None:
    async with site.client.get(f"{site.meeting}/state.json") as response:
        assert response.headers["Cache-Control"] == "public, max-age=1"
        assert (await response.json())["ref"] == site.house.ref
    async with site.client.get("/meetings/none/state.json") as response:
        assert response.status == 404
        assert response.content_type == "application/problem+json"
        assert (await response.json())["code"] == "not_found"


async def test_results_of_votes_stand_beside_their_item(site: Site) -> None:
    await site.house.live()
    await site.house.do(
        "result.enter",
        item_id=site.house.items[2],
        motion="To <b>approve</b>",
        outcome="lost",
        votes_for=1,
        votes_against=1,
        names={"Cllr Ash": "for", "Cllr <i>Birch</i>": "against"},
    )
    page = await site.text(site.meeting)
    item = page[page.index(f'id="item-{site.house.items[2]}"') :].split("</li>\n      <li id=")[0]
    for words in ("Lost", "To &lt;b&gt;approve", "1 for, 1 against, 0 abstained", "Cllr &lt;i&gt;Birch"):
        assert words in item, words


@pytest.mark.parametrize("path", ["/accessibility", "/cy/accessibility"])
async def test_a_per_cent_sign_in_a_text_is_one(site: Site, path: str) -> None:
    assert re.search("400% a(nd|’u) ", await site.text(path))


async def test_no_words_of_the_components_are_left_in_english(site: Site) -> None:
    async with site.client.post(
        f"/cy{site.meeting}/register", data={"kind": "speak", "name": ""}
    ) as response:
        page = await response.text()
    assert "Gwall:</span>" in page
    assert 'aria-label="Gwybodaeth am y gwasanaeth"' in page
    assert "Error:" not in page
    assert 'characters-over-limit.other="Mae gennych %{count} o nodau yn ormod"' in page
    await site.house.live()
    assert 'characters-under-limit.other="Mae gennych' in await site.text(f"/cy{site.meeting}")
