"""Tests that lint the project: what the code offers, the documents name."""

import importlib
import re
from pathlib import Path
from typing import TypeVar, get_args

import pytest
from aiohttp import web

from hub.domain.commands.core import COMMANDS
from hub.domain.errors import DomainError
from hub.settings import settings_table
from media.control.alarm import AlarmCode
from media.control.command import Command, Event
from signalling.audience import AudienceNamespace
from signalling.console import ConsoleNamespace
from signalling.namespace import CommandNamespace
from signalling.speaker import SpeakerNamespace
from web.site import add_site

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


@pytest.mark.parametrize("namespace", [AudienceNamespace, SpeakerNamespace, ConsoleNamespace])
def test_the_protocol_has_the_events_and_calls_of_each_socket(
    namespace: type[CommandNamespace[object]],
) -> None:
    """These and no others. Only these are sent: ``CommandNamespace.emit`` refuses all others."""
    section = PROTOCOL.split(f"### `{namespace.path}`")[1].split("\n#")[0]
    rows = re.findall(r"^\| (server|client) \| `([^`]+)` \|", section, re.MULTILINE)
    told = {event for direction, event in rows if direction == "server"}
    called = {event for direction, event in rows if direction == "client"}
    assert told == namespace.tells
    assert called - COMMANDS.keys() == namespace.calls


def test_every_route_is_in_the_protocol_and_no_other() -> None:
    assert written_routes() == routes()


def routes() -> set[tuple[str, str]]:
    """Methods and addresses, as the application has them. Each page in another language is the same page."""
    site = web.Application()
    add_site(site)
    found = set()
    for route in site.router.routes():
        assert route.resource is not None
        address = re.sub(r"\{(\w+):(?:[^{}]|\{[^{}]*\})*\}", r"{\1}", route.resource.canonical)
        if route.method != "HEAD" and not address.startswith("/cy"):
            found.add((route.method, address))
    return found


def written_routes() -> set[tuple[str, str]]:
    """The first column of the table; methods stand once for all addresses behind them in a row."""
    table = PROTOCOL.split("## HTTP")[1].split("\n#")[0]
    found = set()
    for row in re.findall(r"^\| (`[^|]*`) \|", table, re.MULTILINE):
        methods: list[str] = []
        for written in re.findall(r"`([^`]+)`", row):
            names, _, address = written.rpartition(" ")
            methods = names.split(", ") if names else methods
            found |= {(method, address.partition("?")[0]) for method in methods}
    return found


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
