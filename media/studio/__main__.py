"""``python -m media.studio CONFIG.json [--spare]``. A spare waits for a line on its input to begin."""

import asyncio
import gc
import sys
from pathlib import Path

from media.config import StudioConfig
from media.logs import set_up_logs
from media.spare import ARGUMENT, called
from media.studio.process import StudioProcess


async def run(config: StudioConfig) -> None:
    """One studio from beginning to end."""
    await StudioProcess(config).run()


def _called() -> bool:
    import media.bus.streams  # noqa: F401 a spare has the time, and may need it

    return called()


def main() -> int:
    """Read the configuration and run."""
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], [ARGUMENT]):
        sys.stderr.write(f"usage: python -m media.studio CONFIG.json [{ARGUMENT}]\n")
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
