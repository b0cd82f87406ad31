"""``python -m media.hls CONFIG.json [--spare]``. A spare waits for a line on its input to begin."""

import asyncio
import sys
from pathlib import Path

from media.config import PackagerConfig
from media.hls.process import package
from media.logs import set_up_logs
from media.spare import ARGUMENT, called


def main() -> None:
    """Read the file named on the command line and package."""
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], [ARGUMENT]):
        sys.exit(f"Usage: python -m media.hls CONFIG.json [{ARGUMENT}]")
    if sys.argv[2:] and not called():
        return
    config = PackagerConfig.load(Path(sys.argv[1]))
    set_up_logs(config.log_format)
    asyncio.run(package(config))


if __name__ == "__main__":
    main()
