"""One question to one media process, past whoever keeps it."""

import asyncio
from pathlib import Path
from typing import TypeVar

from media.control.channel import ControlClient
from media.control.command import Command, Disconnected, Message

R = TypeVar("R", bound=Message)
ANSWER_SECONDS = 10.0


async def ask(socket: Path, command: Command[R]) -> R:
    """Raises ``Refused``, ``Disconnected`` and ``OSError``."""
    client = ControlClient(socket)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await client.connect()
            return await client.call(command)
    except TimeoutError as error:
        raise Disconnected("no answer") from error
    finally:
        await client.close()
