"""``python -m media.hls CONFIG.json``."""

import asyncio
import sys
from pathlib import Path

from media.config import PackagerConfig
from media.hls.process import package
from media.logs import set_up_logs

if __name__ == "__main__":
    config = PackagerConfig.load(Path(sys.argv[1]))
    set_up_logs(config.log_format)
    asyncio.run(package(config))
