"""What a child that takes strangers' data apart may use: memory, time, files."""

import resource
import time

MEGABYTE = 1024 * 1024


def confine(memory: int) -> None:
    """Bound this process for good. ``memory``: bytes of address space. It can write no file from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


class CpuAllowance:
    """For a process that lives for hours and may still not run away.

    ``SIGXCPU`` ends it ``seconds`` of processor time after the last ``renew``.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._renewed = -float("inf")
        self.renew()

    def renew(self) -> None:
        """Progress was made. Costs nothing more often than once a second."""
        now = time.monotonic()
        if now - self._renewed < 1.0:
            return
        self._renewed = now
        used = int(time.process_time()) + 1
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (used + self._seconds, most))
