"""``python -m media.ingest CONFIG.json``."""

import asyncio
import signal
import sys
from pathlib import Path

from media.config import IngestConfig
from media.ingest.process import IngestProcess
from media.logs import set_up_logs


async def main(config: IngestConfig) -> None:
    """Run until abandoned or told to stop."""
    process = IngestProcess(config)
    await process.start()
    running = asyncio.create_task(process.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    await asyncio.wait({running})
    await process.close()


if __name__ == "__main__":
    told = IngestConfig.load(Path(sys.argv[1]))
    set_up_logs(told.log_format)
    asyncio.run(main(told))
