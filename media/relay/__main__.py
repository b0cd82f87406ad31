"""``python -m media.relay CONFIG.json [--spare]``. A spare waits for a line on its input to begin."""

import asyncio
import gc
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import structlog

from media.clock import SystemClock
from media.config import RelayConfig
from media.control.answers import Handler
from media.control.channel import ControlServer
from media.control.command import Command
from media.control.relay import (
    ChooseRendition,
    CloseViewer,
    DropMeeting,
    GetRelayStatus,
    OpenViewer,
    PatchViewer,
    ViewersChanged,
)
from media.logs import set_up_logs
from media.relay.relay import Relay
from media.spare import ARGUMENT, called

log = structlog.get_logger(__name__)

EVENT_SECONDS = 1.0


async def run(config: RelayConfig, stop: asyncio.Event) -> None:
    """Serve until ``stop`` is set, or until no hub has been connected for the lingering time."""
    clock = SystemClock()
    relay = Relay(config, clock)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(relay.close)
        handlers: Mapping[type[Command[Any]], Handler] = {
            OpenViewer: relay.open_viewer,
            PatchViewer: relay.patch_viewer,
            ChooseRendition: relay.choose_rendition,
            CloseViewer: relay.close_viewer,
            GetRelayStatus: relay.get_status,
            DropMeeting: relay.drop_meeting,
        }
        control = ControlServer(config.control_socket, handlers)
        await control.start()
        stack.push_async_callback(control.close)
        if config.redis_url is not None:
            # Redis takes long to import, and a hub's own relay does without.
            from media.relay.elsewhere import join_redis

            await join_redis(config.redis_url, config.relay_name, relay, handlers, stack)
        log.info("relay_ready", port=relay.port, addresses=relay.addresses)
        await _until_done(config, relay, control, stop)


async def _until_done(config: RelayConfig, relay: Relay, control: ControlServer, stop: asyncio.Event) -> None:
    """Tell hubs of changed counts once a second; come back when it is time to go."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.create_task(stop.wait())
    failed = asyncio.create_task(relay.wait_failed())
    told: dict[str, int] = {}
    while not (stopped.done() or failed.done()):
        await asyncio.wait({stopped, failed}, timeout=EVENT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        status = relay.status()
        if status.viewers != told:
            told = status.viewers
            control.publish(ViewersChanged(status=status))
        alone = control.peers == 0 and loop.time() - control.last_seen_peer > config.linger_seconds
        if alone and config.linger_seconds and config.redis_url is None:
            log.info("relay_no_hub")
            break
    await _finish(stopped, failed)


async def _finish(stopped: asyncio.Task[bool], failed: asyncio.Task[None]) -> None:
    stopped.cancel()
    if failed.done():
        failed.result()
    failed.cancel()
    await asyncio.wait({stopped, failed})


def main() -> None:
    """Read the file named on the command line and serve."""
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], [ARGUMENT]):
        sys.exit(f"Usage: python -m media.relay CONFIG.json [{ARGUMENT}]")
    if sys.argv[2:] and not called():
        return
    config = RelayConfig.load(Path(sys.argv[1]))
    set_up_logs(config.log_format)
    gc.freeze()  # what was imported stays; to look through it again would hold up a burst for milliseconds
    asyncio.run(serve(config))


async def serve(config: RelayConfig) -> None:
    """Serve until told to stop by a signal."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(config, stop)


if __name__ == "__main__":
    main()
