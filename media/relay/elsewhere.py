"""A relay beyond the hub's machine: it registers itself in Redis and takes its commands from there."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from media.clock import SystemClock
from media.control.answers import Handler
from media.control.command import Command
from media.control.over_redis import RedisControlServer
from media.control.registry import Registration, RelayRecord
from media.relay.relay import Relay


async def join_redis(
    url: str, name: str, relay: Relay, handlers: Mapping[type[Command[Any]], Handler], stack: AsyncExitStack
) -> None:
    """Serve commands and stay registered as ``name`` until ``stack`` is closed."""

    def describe(now_ms: int) -> RelayRecord:
        address = f"{relay.addresses[0]}:{relay.port}"
        status = relay.status()
        return RelayRecord(address=address, capacity=status.capacity, viewers=status.viewers, seen_ms=now_ms)

    server = RedisControlServer(url, name, handlers)
    await server.start()
    stack.push_async_callback(server.close)
    registration = Registration(url, name, SystemClock(), describe)
    stack.push_async_callback(registration.close)
