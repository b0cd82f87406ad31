"""Every page in every state of a meeting, by the rules of axe-core and at the width of a small telephone.

In English, and in a language of longer words in which every text that nobody marked for translation shows.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.dates import get_day_names, get_month_names

from hub.domain import demo_council
from tests.crowded.company import COMMITTEE, WRITER, walk
from tests.crowded.walk import MOTION, NAME, OTHER, PARTS, QUESTIONS
from tests.support import pseudo_locale
from tests.support.browser import CHROMIUM, chromium, visitor
from tests.support.eyes import Eyes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.timeout(400),
]

MICROPHONES = ("Fake Default Audio Input", "Fake Audio Input")
LOOKS_AT_LEAST = 75


@pytest.fixture(params=["English", "longer"])
def language(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Eyes, Sequence[str]]:
    """How it is looked at, and the program that speaks so."""
    if request.param == "English":
        return Eyes(), ()
    folder = pseudo_locale.write_catalogue(tmp_path / "translations")
    program = (sys.executable, "-m", pseudo_locale.__name__, str(folder))
    return Eyes(f"/{pseudo_locale.TAG}", pseudo_locale.spoken, names()), program


def names() -> list[str]:
    """What the pages show and no catalogue has: names, what people wrote, and words of dates."""
    agenda = [text for item in demo_council._AGENDA for text in (item.title, item.text, item.paper) if text]
    members = [text for member in demo_council._MEMBERS for text in member]
    months = [get_month_names(width, locale=pseudo_locale.TAG).values() for width in ("wide", "abbreviated")]
    days = [get_day_names(width, locale=pseudo_locale.TAG).values() for width in ("wide", "abbreviated")]
    own = [demo_council.COUNCIL, COMMITTEE, "Planning Committee A", "The Guildhall, St Helen's Square"]
    words = ["English", "Cymraeg", NAME, OTHER, WRITER, "kim@example.org", MOTION, *QUESTIONS, *MICROPHONES]
    return [*agenda, *members, *own, *words, *(word for some in (*months, *days) for word in some)]


async def test_every_page_in_every_state(tmp_path: Path, language: tuple[Eyes, Sequence[str]]) -> None:
    eyes, program = language
    async with walk(tmp_path, eyes, program, "--no-feed") as it:
        for part in PARTS:
            await part(it)
    print(f"{eyes.looked} looks")
    assert eyes.looked > LOOKS_AT_LEAST
    assert not eyes.found, "\n".join(eyes.found)


async def test_the_eyes_see(tmp_path: Path) -> None:
    """An instrument is tried before it judges: what is wrong here is found, and nothing else."""
    page = "<html lang=cy><title>{title}</title><main><h1>⟦Ťšťš⟧</h1>{body}</main>"
    eyes = Eyes(names=["Ouseby"])
    async with chromium(tmp_path) as browser, visitor(browser, "eyes") as person:
        good = page.format(
            title="⟦Ťííťĺéé⟧ – Ouseby", body="<p>⟦Úú ⟦n⟧ Kim⟧ 5:30, https://ouseby.example/x</p>"
        )
        await person.page.set_content(good)
        await eyes.look(person.page, "good")
        assert not eyes.found
        for body, rule in (
            ("<img src='data:,'>", "image-alt"),
            ("<p style='color: #999'>⟦x⟧</p>", "color-contrast"),
            ("<pre style='width: 400px'>⟦x⟧</pre>", "wider than the window"),
            ("<p>Closed ⟦x⟧</p>", "in English: “Closed”"),
            ("<button aria-label='Stop'>⟦x⟧</button>", "in English: “Stop”"),
        ):
            await person.page.set_content(page.format(title="⟦x⟧", body=body))
            eyes.found.clear()
            await eyes.look(person.page, "bad")
            assert any(rule in found for found in eyes.found), f"{rule}: {eyes.found}"
