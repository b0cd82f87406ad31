"""``python -m media.hls CONFIG.json``."""

import asyncio
import sys
from pathlib import Path

from media.config import PackagerConfig
from media.hls.process import package

if __name__ == "__main__":
    asyncio.run(package(PackagerConfig.load(Path(sys.argv[1]))))
