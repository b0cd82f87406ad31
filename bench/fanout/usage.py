"""What the kernel says of one process, with all its threads and without its children."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds since it began, and resident bytes now."""

    cpu: float
    resident: int

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Look now. CPU is ``utime`` and ``stime``."""
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return cls((int(fields[11]) + int(fields[12])) / _TICKS, int(fields[21]) * _PAGE)
