"""``python -m media.studio CONFIG.json [--spare]``. A spare waits for a line on its input to begin."""

import asyncio
import gc
import os
import sys
from pathlib import Path

from media.config import StudioConfig
from media.logs import set_up_logs
from media.studio.process import StudioProcess

SPARE = "--spare"


async def run(config: StudioConfig) -> None:
    """One studio from beginning to end."""
    await StudioProcess(config).run()


def _called() -> bool:
    """Wait for the hub's word. False when the hub is gone, or needs no spare any more."""
    import media.bus.streams  # noqa: F401 a spare has the time, and may need it

    if not os.read(0, 16):
        return False
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    return True


def main() -> int:
    """Read the configuration and run."""
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], [SPARE]):
        sys.stderr.write(f"usage: python -m media.studio CONFIG.json [{SPARE}]\n")
        return 2
    if sys.argv[2:] and not _called():
        return 0
    config = StudioConfig.load(Path(sys.argv[1]))
    set_up_logs(config.log_format)
    # What was imported stays: looking through all of it again and again would stop every thread for 40 ms.
    gc.freeze()
    asyncio.run(run(config))
    return 0


if __name__ == "__main__":
    sys.exit(main())
