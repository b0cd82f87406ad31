"""``python -m tests.support.speaker_process SOCKET NAME``: a remote speaker who can be killed."""

import asyncio
import sys
from pathlib import Path

from media.control.channel import ControlClient
from media.control.feeds import OpenSpeaker
from media.sources.ice import listen_on
from tests.faults.feed import PINK
from tests.media.studio.publisher import Colour, Publisher, Tone

TONE = 700


async def main(control: Path, name: str) -> None:
    """Connect to the studio and send until the end."""
    listen_on("127.0.0.1")
    client = ControlClient(control)
    await client.connect()
    publisher = Publisher(Colour(PINK, 640, 360), Tone(TONE))
    offer = OpenSpeaker(speaker=name, label=name, sdp=await publisher.offer())
    await publisher.accept((await client.call(offer, 30.0)).sdp)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
