"""``python -m media.recorder CONFIG.json``."""

import asyncio
import sys
from pathlib import Path

from media.config import RecorderConfig
from media.recorder.process import record

if __name__ == "__main__":
    asyncio.run(record(RecorderConfig.load(Path(sys.argv[1]))))
