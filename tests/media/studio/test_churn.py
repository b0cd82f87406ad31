"""A short run of the churn bench: what comes and goes leaves nothing behind."""

from bench.churn import Footprint, measure

ROUNDS = 42
MEGABYTES = 30.0


async def test_sources_that_come_and_go_leave_nothing_behind() -> None:
    seen: list[Footprint] = []
    before, after = await measure(ROUNDS, lambda _, footprint: seen.append(footprint))
    assert (after.tasks, after.files, after.children) == (before.tasks, before.files, before.children)
    assert after.threads <= before.threads
    assert after.rss_mb - before.rss_mb < MEGABYTES
