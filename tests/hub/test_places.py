"""Where a meeting's media processes find each other: by sockets whose paths are short enough."""

import socket
import tempfile
from pathlib import Path

import pytest

from hub.settings import Settings
from hub.supervision.engine import ProcessEngine
from hub.supervision.plans import (
    SOCKET_PATH_BYTES,
    Places,
    StudioWishes,
    packager_plan,
    recorder_plan,
    studio_plan,
)
from media.control.command import Refused
from media.control.studio import SlateText

REF = "2030-01-01-" + "committee-" * 10
SLATE = SlateText(title="")


async def no_keys(refs: list[str]) -> dict[str, dict[str, str]]:
    return {ref: {} for ref in refs}


def folder(short: str, length: int) -> Settings:
    """The longest path of a socket of ``REF`` in it has this length."""
    place = Path(short)
    missing = length - len(str(place / f"{Settings.media_name(REF)}.recorder")) - 1
    place /= "a" * missing
    place.mkdir()
    return Settings(run_dir=place, data_dir=place / "data")


def test_all_sockets_fit_into_a_folder_that_is_just_short_enough() -> None:
    with tempfile.TemporaryDirectory() as short:
        settings = folder(short, SOCKET_PATH_BYTES)
        places = Places.of(settings, REF)
        places.check()
        studio = studio_plan(settings, places, StudioWishes(SLATE, generated_feed=False))
        plans = [studio, packager_plan(settings, places), recorder_plan(settings, places)]
        bus = settings.bus_url(places.name).removeprefix("unix:")
        named = [str(plan.config.control_socket) for plan in plans]
        for path in (*named, str(places.feeds_socket), str(places.hls_socket), bus):
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(path)


async def test_a_room_that_cannot_open_says_why() -> None:
    with tempfile.TemporaryDirectory() as short:
        engine = ProcessEngine(folder(short, SOCKET_PATH_BYTES + 1), no_keys)
        with pytest.raises(Refused, match="too long for the sockets in it, by 1"):
            await engine.open_room(REF, SLATE, rehearsal=False)
        assert not engine.running(REF)
