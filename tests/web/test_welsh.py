"""Welsh: every text that the public meet, its form, and the way to it from every page, without scripts."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from hub.domain.local_time import LONDON
from hub.domain.services.registration import register
from tests.web.conftest import Site
from tests.web.test_people import page_data
from web.language import current, is_said, island_strings, ngettext, said
from web.sentences import SENTENCES

WEB = Path(__file__).parents[2] / "web"
CATALOGUE = WEB / "translations/cy/LC_MESSAGES/messages.po"
ISLANDS = ("public", "player", "speaker", "shared", "webrtc")
"""What the public and those with a personal link load; the officers' console is in English."""
LITERAL = r'"((?:[^"\\]|\\.)*)"'
HOLES = re.compile(r"%\(\w+\)s|%%?\{\w+\}|\{\w+\}")


@pytest.fixture
def welsh() -> Iterator[None]:
    token = current.set("cy")
    yield
    current.reset(token)


def island_texts() -> set[str | tuple[str, ...]]:
    """The first argument of every ``t()``, and the two of every ``tn()``."""
    sources = [WEB / f"front/src/{page}.tsx" for page in ("public", "speaker", "embed")]
    sources += [path for island in ISLANDS for path in (WEB / "front/src" / island).glob("*.ts*")]
    found: set[str | tuple[str, ...]] = set()
    for path in sources:
        text = path.read_text()
        found |= {json.loads(f'"{one}"') for one in re.findall(rf"\bt\(\s*{LITERAL}", text)}
        for one, many in re.findall(rf"\btn\(\s*{LITERAL},\s*{LITERAL}", text):
            found.add((json.loads(f'"{one}"'), json.loads(f'"{many}"')))
    return found


def page_texts(tmp_path: Path) -> set[str | tuple[str, ...]]:
    template = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg"]
    subprocess.run([*command, "-o", str(template), "."], cwd=WEB, check=True)
    with template.open("rb") as source:
        return {_id(message) for message in read_po(source) if message.id}


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _forms(message: Message) -> list[str]:
    return (
        [message.string] if isinstance(message.string, str) else [str(form) for form in message.string or ()]
    )


def translated() -> dict[str | tuple[str, ...], list[str]]:
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="cy")
    assert not [message.id for message in catalogue if message.fuzzy and message.id]
    return {_id(message): _forms(message) for message in catalogue if message.id}


def test_every_text_of_pages_and_scripts_is_there_in_welsh(tmp_path: Path) -> None:
    catalogue = translated()
    wanted = page_texts(tmp_path) | island_texts()
    assert len(wanted) > 380
    assert {text for text in wanted if not all(catalogue.get(text, [""]))} == set()
    assert set(catalogue) - wanted == set(), "no longer used"


def test_what_is_filled_in_is_filled_in_in_welsh_too() -> None:
    for text, forms in translated().items():
        english = text if isinstance(text, str) else text[-1]
        assert len(forms) == (1 if isinstance(text, str) else 6), text
        for form in forms:
            assert sorted(HOLES.findall(form)) == sorted(HOLES.findall(english)), text


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext's tools are not installed")
def test_gettexts_own_compiler_takes_the_catalogue() -> None:
    command = ["msgfmt", "--check", "--output-file=/dev/null", str(CATALOGUE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_build_compiles_and_nothing_compiled_is_kept_in_the_repository() -> None:
    subprocess.run([sys.executable, str(WEB / "translations/build.py")], check=True, capture_output=True)
    assert CATALOGUE.with_suffix(".mo").stat().st_mtime >= CATALOGUE.stat().st_mtime
    kept = subprocess.run(["git", "ls-files", "*.mo"], cwd=WEB, capture_output=True, text=True, check=False)
    assert kept.stdout == ""


@pytest.mark.usefixtures("welsh")
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "pleidlais"),
        (1, "bleidlais"),
        (2, "bleidlais"),
        (3, "pleidlais"),
        (6, "phleidlais"),
        (8, "pleidlais"),
    ],
)
def test_numbers_have_the_forms_of_welsh(number: int, words: str) -> None:
    assert ngettext("%(num)s vote", "%(num)s votes", number) % {"num": number} == f"{number} {words}"
    category = {0: "zero", 1: "one", 2: "two", 3: "few", 6: "many"}.get(number, "other")
    assert island_strings()[f"{{n}} votes|{category}"] == f"{{n}} {words}", "as in the scripts"


@pytest.mark.usefixtures("welsh")
def test_sentences_of_the_domain_are_found_again() -> None:
    assert said("Registration closed on 24 November 2026 at 17:00.") == (
        "Daeth y cyfnod cofrestru i ben am 17:00, 24 Tachwedd 2026."
    )
    assert said("The public have been excluded for item 9") == (
        "Mae’r cyhoedd wedi’u heithrio ar gyfer eitem 9"
    )
    assert said("The public have been excluded") == "Mae’r cyhoedd wedi’u heithrio"
    exempt = (
        "Section 100A(4) of the Local Government Act 1972: exempt information, {} of Part 1 of Schedule 12A"
    )
    assert "paragraff 3 o" in said(exempt.format("paragraph 3"))
    assert "paragraffau 1, 2 a 3 o" in said(exempt.format("paragraphs 1, 2 and 3"))
    assert said("The lift is broken.") == "The lift is broken."
    assert not is_said("The lift is broken.")
    for sentence in SENTENCES:
        assert is_said(
            re.sub(r"%\((\w+)\)s", lambda hole: "1 May 2026" if hole[1] == "day" else "7", sentence)
        )


async def test_every_page_has_its_welsh_and_a_link_each_way(site: Site) -> None:
    paths = ["/", "/?q=mill", site.meeting, f"{site.meeting}/register", "/accessibility", "/privacy"]
    for path in paths:
        there = "/cy" if path == "/" else f"/cy{path}"
        english = await site.text(path)
        assert '<html class="govuk-template" lang="en"' in english or 'lang="en"' in english[:300]
        (link,) = re.findall(r'<a class="govuk-link" href="([^"]+)" lang="cy" hreflang="cy"', english)
        page = await site.text(link)
        assert link.removesuffix("/") == there.replace("/?", "/?").removesuffix("/")
        assert 'lang="cy"' in page[:300], path
        assert "Cyfarfodydd y cyngor" in page
        (back,) = re.findall(r'<a class="govuk-link" href="([^"]+)" lang="en" hreflang="en"', page)
        assert back == path
        # Files for programs have no language.
        own = re.findall(r'<a [^>]*href="(/[^"]*(?<!\.ics|\.xml))"', page)
        kept = [href for href in own if not href.startswith(("/cy", "/api")) and href != back]
        assert kept == [], f"links that lead out of Welsh on {path}"


async def test_what_came_to_us_in_english_is_marked_as_english(site: Site) -> None:
    page = await site.text(f"/cy{site.meeting}")
    assert '<h1 class="govuk-heading-l" lang="en">Planning Committee A</h1>' in page
    assert '<p class="agenda-title" lang="en">' in page
    await site.house.live()
    await site.house.do("meeting.adjourn", reason="The lift is broken.")
    page = await site.text(f"/cy{site.meeting}")
    assert "Mae’r cyfarfod wedi’i ohirio" in page
    assert '<span lang="en">The lift is broken.</span>' in page
    data = page_data(page)
    assert isinstance(data["strings"], dict)
    assert data["strings"]["LIVE"] == "BYW"
    assert "The meeting is adjourned" in str(data["sentences"])
    assert page_data(await site.text(site.meeting))["strings"] == {}


async def test_a_form_with_mistakes_is_answered_in_welsh(site: Site) -> None:
    async with site.client.post(
        f"/cy{site.meeting}/register", data={"kind": "speak", "name": ""}
    ) as response:
        page = await response.text()
        assert response.status == 422
    assert "Mae problem" in page
    assert "Rhowch gyfeiriad e-bost neu rif ffôn" in page or "Rhowch eich enw." in page
    assert "Heb ganfod y dudalen" in await site.text("/cy/nowhere", 404)


async def test_a_personal_page_keeps_its_place_in_either_language(site: Site) -> None:
    registered = await register(site.house.desk, site.house.ref, name="Sam Lee", email="sam@example.org")
    async with site.client.post(f"/cy/speak/{registered.token}", data={"action": "continue"}) as response:
        welsh = await response.text()
        assert response.url.path == f"/cy/speak/{registered.token}"
    assert "Mae eich cofrestriad wedi cyrraedd." in welsh
    english = await site.text(f"/speak/{registered.token}")
    assert page_data(english)["device"] == page_data(welsh)["device"]


async def test_times_are_welsh(site: Site) -> None:
    starts = (await site.house.meeting()).starts_at.astimezone(LONDON)
    page = await site.text(f"/cy{site.meeting}")
    assert f"{starts:%H:%M}" in page
    assert "Tachwedd 2026" in page


async def test_the_console_stays_english(site: Site) -> None:
    await site.sign_in()
    page = await site.text(f"/console{site.meeting}")
    assert "site-languages" not in page
    assert page_data(page)["strings"] == {}
