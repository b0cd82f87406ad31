"""What the studio's work costs: CPU seconds by stage and by thread, for the bench and for whoever wonders."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_spent: defaultdict[str, float] = defaultdict(float)
_NANO = 1e-9


@contextmanager
def spending(stage: str) -> Iterator[None]:
    """Count this thread's CPU time for a stage of the ticker's. One thread counts one stage at a time."""
    begun = time.thread_time()
    try:
        yield
    finally:
        _spent[stage] += time.thread_time() - begun


def stages() -> dict[str, float]:
    """CPU seconds of each stage since the process began."""
    return dict(_spent)


def threads() -> dict[str, float]:
    """CPU seconds of the threads that live now, those of one name added up. Empty where there is no /proc."""
    spent: defaultdict[str, float] = defaultdict(float)
    for thread in threading.enumerate():
        file = Path(f"/proc/self/task/{thread.native_id}/schedstat")
        try:
            spent[thread.name] += int(file.read_text().split()[0]) * _NANO
        except (OSError, ValueError, IndexError):
            # It ended a moment ago, or this is no Linux.
            continue
    return dict(spent)
