"""Words: dates, times, catalogues, and JSON in pages."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from web.language import (
    clock_position,
    current,
    day_in_words,
    gettext,
    in_london,
    ngettext,
    time_of_day,
)
from web.moments import parse_time
from web.templating import page_data

WEB = Path(__file__).parents[2] / "web"


def test_times_are_those_of_the_council_chamber() -> None:
    winter, summer = datetime(2026, 11, 26, 18, 30, tzinfo=UTC), datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert (day_in_words(winter), time_of_day(winter)) == ("Thursday 26 November 2026", "6:30pm")
    assert (day_in_words(summer), time_of_day(summer)) == ("Thursday 2 July 2026", "12:30am")
    assert time_of_day(datetime(2026, 1, 1, 12, 0, tzinfo=UTC)) == "midday"
    assert time_of_day(datetime(2026, 1, 1, 0, 0, tzinfo=UTC)) == "midnight"
    assert time_of_day(datetime(2026, 1, 1, 9, 0, tzinfo=UTC)) == "9am"
    assert in_london(summer).hour == 0


def test_welsh_times_have_twenty_four_hours() -> None:
    token = current.set("cy")
    try:
        evening = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
        assert (day_in_words(evening), time_of_day(evening)) == ("Dydd Mawrth 24 Tachwedd 2026", "18:30")
    finally:
        current.reset(token)


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (247.9, "4:07"), (3723, "1:02:03"), (-1, "0:00")])
def test_positions(seconds: float, text: str) -> None:
    assert clock_position(seconds) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90.5", 90.5),
        ("1h2m3s", 3723),
        ("2m", 120),
        ("5s", 5),
        ("", None),
        ("x", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1h junk", None),
    ],
)
def test_times_in_addresses(text: str, seconds: float | None) -> None:
    assert parse_time(text) == seconds


def test_english_needs_no_translation() -> None:
    assert gettext("Skip to main content") == "Skip to main content"
    assert ngettext("%(num)s vote", "%(num)s votes", 2) == "%(num)s votes"


def test_the_catalogue_has_every_string(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg"]
    template = tmp_path / "messages.pot"
    subprocess.run([*command, "-o", str(template), "."], cwd=WEB, check=True)
    with (WEB / "translations/en/LC_MESSAGES/messages.po").open("rb") as source:
        known = {message.id for message in read_po(source, locale="en")}
    with template.open("rb") as source:
        used = {message.id for message in read_po(source) if message.id}
    assert len(used) > 100
    assert used - known == set(), "see the first lines of babel.cfg"


def test_page_data_cannot_end_its_element() -> None:
    data = {"text": "</script><script>alert(1)</script><!-- & \u2028"}
    text = str(page_data(data))
    assert not re.search("[<>&\u2028]", text)
    assert json.loads(text) == data
