"""A short run of the churn bench: what comes and goes leaves nothing behind."""

import pytest

from bench.churn import Footprint, measure

WARM, ROUNDS = 72, 42
"""Caches have found their size by then; and seven times each of the six ways to come and go."""
MEGABYTES = 4.0
"""Less than a tenth of one a round. One is usual, beside other work too."""
AT_ONCE = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "65536"}
"""What is free is given back at once, and memory is what is in use: otherwise it is 10 MB more or less."""


@pytest.mark.timeout(300)
async def test_sources_that_come_and_go_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AT_ONCE.items():
        monkeypatch.setenv(name, value)
    seen: list[Footprint] = []
    before, after = await measure(ROUNDS, lambda _, footprint: seen.append(footprint), WARM)
    assert (after.tasks, after.files, after.children) == (before.tasks, before.files, before.children)
    assert after.threads <= before.threads
    assert after.rss_mb - before.rss_mb < MEGABYTES, f"from {before.rss_mb:.1f} to {after.rss_mb:.1f} MB"
