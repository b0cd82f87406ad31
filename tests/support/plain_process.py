"""The smallest media process, for supervision tests: it answers the ingest door's commands."""

import asyncio
import sys
from pathlib import Path

from media.config import IngestConfig
from media.control.channel import ControlServer
from media.control.command import Done, Refused
from media.control.ingest import GetIngestStatus, IngestStatus, PublisherRefused, SetKeys


async def main(config: IngestConfig) -> None:
    keys = 0

    async def status(_: GetIngestStatus) -> IngestStatus:
        return IngestStatus(rtmp_port=config.rtmp_port, srt_port=keys, publishers={})

    async def set_keys(command: SetKeys) -> Done:
        nonlocal keys
        if any(key.key == "bad" for key in command.keys):
            raise Refused("bad_key", "That key is bad.")
        keys = len(command.keys)
        server.publish(PublisherRefused(protocol="rtmp", address="nobody", sentence=f"{keys} keys"))
        return Done()

    server = ControlServer(config.control_socket, {GetIngestStatus: status, SetKeys: set_keys})
    await server.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(IngestConfig.load(Path(sys.argv[1]))))
