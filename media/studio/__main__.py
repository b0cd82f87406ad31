"""``python -m media.studio CONFIG.json``."""

import asyncio
import sys
from pathlib import Path

from media.config import StudioConfig
from media.studio.process import StudioProcess


async def run(config: StudioConfig) -> None:
    """One studio from beginning to end."""
    await StudioProcess(config).run()


def main() -> int:
    """Read the configuration and run."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m media.studio CONFIG.json\n")
        return 2
    asyncio.run(run(StudioConfig.load(Path(sys.argv[1]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
