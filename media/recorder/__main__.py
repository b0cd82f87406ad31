"""``python -m media.recorder CONFIG.json``."""

import asyncio
import sys
from pathlib import Path

from media.config import RecorderConfig
from media.logs import set_up_logs
from media.recorder.process import record

if __name__ == "__main__":
    config = RecorderConfig.load(Path(sys.argv[1]))
    set_up_logs(config.log_format)
    asyncio.run(record(config))
