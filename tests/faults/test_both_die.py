"""Hub and studio are killed at one moment: what officers chose and who is on air is as it was."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from media.sources.ice import listen_on
from tests.faults.conftest import attended
from tests.faults.guest import Guest, take_slot
from tests.support.demo import demo
from tests.support.sockets import Told, signed_in

LAYOUT = "speaker"
NAME = "Cllr Jane Doe, Chair"
BACK_SECONDS = 40.0


async def test_the_next_hub_puts_everything_back(tmp_path: Path) -> None:
    listen_on("127.0.0.1")
    async with demo(tmp_path) as first:
        link = first.links.speaker
        device = await take_slot(link)
        async with (
            attended(first, await signed_in(first.links.console)) as before,
            Guest.at(first.links.home, link, device) as guest,
        ):
            await before.take_live()
            await guest.socket.until("state", bool, "the page's snapshot")
            await guest.socket.call("speaker.check_in")
            speaker = guest.socket.told["state"]["registration_id"]
            await before.clerk.call("speaker.call", registration_id=speaker)
            await guest.send()
            await before.clerk.until("engine", lambda told: _arrives(told, speaker), "their picture")
            await before.clerk.call("speaker.admit", registration_id=speaker)
            await before.clerk.call("layout.set", layout=LAYOUT)
            await before.clerk.call("captions.show", visible=True)
            await before.clerk.call("captions.chamber", text=NAME)
            studio = (await before.clerk.until("engine", _as_chosen(speaker), "the choice"))["studio"]
            _kill(first.links.pid, before.pid("media.studio"))
            await first.process.wait()
        async with (
            demo(tmp_path, environment={"MOOTHALL_RUN_DIR": str(first.sockets)}) as second,
            attended(second, await signed_in(second.links.console)) as after,
        ):
            engine = await after.clerk.until(
                "engine",
                lambda told: told["studio"] and told["studio"]["override"] == LAYOUT,
                "the layout",
                BACK_SECONDS,
            )
            assert engine["studio"]["session"] != studio["session"], "it is another studio"
            assert engine["studio"]["epoch_ms"] == studio["epoch_ms"]
            assert engine["studio"]["gate"] == studio["gate"]
            assert engine["studio"]["captions_visible"]
            assert engine["studio"]["captions"]["chamber"] == NAME
            # The demo has made a new link for the same resident, whose device is the one that was admitted.
            async with Guest.at(second.links.home, second.links.speaker, device) as back:
                await back.socket.until("state", bool, "the page's snapshot")
                assert back.socket.told["state"]["registration_id"] == speaker
                await back.send()
                await after.clerk.until(
                    "engine", _as_chosen(speaker), "them on air again, unasked", BACK_SECONDS
                )


def _arrives(told: Told, speaker: int) -> bool:
    return any(feed["source"] == str(speaker) and feed["state"] == "live" for feed in told["studio"]["feeds"])


def _as_chosen(speaker: int) -> Callable[[Told], bool]:
    def chosen(told: Told) -> bool:
        studio = told["studio"]
        return bool(studio) and studio["on_air"] == [str(speaker)] and studio["layout"] == LAYOUT

    return chosen


def _kill(*pids: int | None) -> None:
    for pid in pids:
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
