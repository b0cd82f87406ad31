"""Tests that lint the project: what the code offers, the documents name."""

import importlib
import re
from pathlib import Path
from typing import TypeVar, get_args

import pytest

from hub.domain.commands.core import COMMANDS
from hub.domain.errors import DomainError
from hub.settings import settings_table
from media.control.alarm import AlarmCode
from media.control.command import Command, Event

ROOT = Path(__file__).parent.parent
PROTOCOL = (ROOT / "docs/protocol.md").read_text()
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))


K = TypeVar("K")


def every_kind_of(base: type[K]) -> list[type[K]]:
    return [kind for direct in base.__subclasses__() for kind in (direct, *every_kind_of(direct))]


def test_every_setting_is_documented() -> None:
    assert settings_table() in (ROOT / "docs/settings.md").read_text()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_protocol(name: str) -> None:
    assert f"`{name}`" in PROTOCOL


@pytest.mark.parametrize("code", sorted({kind.code for kind in every_kind_of(DomainError)}))
def test_every_error_code_is_in_the_protocol(code: str) -> None:
    assert f"`{code}`" in PROTOCOL


@pytest.mark.parametrize("kind", ["studio", "feeds", "picture", "captions", "relay", "recorder", "ingest"])
def test_every_control_message_is_in_the_protocol(kind: str) -> None:
    module = f"media.control.{kind}"
    importlib.import_module(module)
    kinds = [one for one in (*every_kind_of(Command), *every_kind_of(Event)) if one.__module__ == module]
    names = {vars(one)["name"] for one in kinds if "name" in vars(one)}
    assert names
    missing = {name for name in names if f"`{name}`" not in PROTOCOL}
    assert not missing


@pytest.mark.parametrize("code", get_args(AlarmCode))
def test_every_alarm_is_in_the_protocol(code: str) -> None:
    assert f"`{code}`" in PROTOCOL


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("word", ["TODO", "FIXME"])
def test_nothing_is_left_for_later_in_the_code(word: str) -> None:
    rooms = ("hub", "media", "recordings", "signalling", "web")
    sources = [source for room in rooms for source in (ROOT / room).rglob("*.py")]
    ours = [source for source in sources if "node_modules" not in source.parts]
    assert not [source for source in ours if word in source.read_text()]
