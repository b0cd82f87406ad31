"""``python -m media.studio CONFIG.json [--spare]``. A spare waits for a line on its input to begin."""

import asyncio
import gc
import sys
from pathlib import Path

from media.config import StudioConfig
from media.logs import set_up_logs
from media.sources.spare import SpareDecoder
from media.spare import ARGUMENT, called
from media.studio.process import StudioProcess

DECODERS = 2
"""That wait with a spare studio: for the chamber, and for whoever is on air when it takes over."""


async def run(config: StudioConfig, spare: SpareDecoder | None = None) -> None:
    """One studio from beginning to end."""
    await StudioProcess(config, spare).run()


def _called(decoders: SpareDecoder) -> bool:
    import media.bus.streams  # noqa: F401 a spare has the time, and may need it

    decoders.enter()
    decoders.prepare(DECODERS)
    if called():
        return True
    decoders.close()
    return False


def main() -> int:
    """Read the configuration and run."""
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], [ARGUMENT]):
        sys.stderr.write(f"usage: python -m media.studio CONFIG.json [{ARGUMENT}]\n")
        return 2
    decoders = SpareDecoder()
    if sys.argv[2:] and not _called(decoders):
        return 0
    config = StudioConfig.load(Path(sys.argv[1]))
    set_up_logs(config.log_format)
    # What was imported stays: looking through all of it again and again would stop every thread for 40 ms.
    gc.freeze()
    asyncio.run(run(config, decoders))
    return 0


if __name__ == "__main__":
    sys.exit(main())
