"""Nothing private reaches the public, whatever happens; and the search that says so finds what does.

``make test-gate ROUNDS=5000 SEED=7`` plays longer, or the same again.
"""

import os
import random
from pathlib import Path

import pytest

from media.sources.ice import listen_on
from tests.gate.play import ADMITTED, Report, play
from tests.gate.sabotage import SABOTAGES, Sabotage, broken_copy

ROUNDS = int(os.environ.get("GATE_ROUNDS") or 300)
SEED = int(os.environ.get("GATE_SEED") or random.SystemRandom().randrange(1_000_000))
SECONDS_A_ROUND = 6
WARM_UP = ("stay", "private", "admit", "stay", "stay", "open", "stay", "stay", "on air", "stay")
"""Rounds in which there is something to be seen by everybody who may see it."""


@pytest.fixture(autouse=True)
def loopback() -> None:
    listen_on("127.0.0.1")


@pytest.mark.timeout(300 + ROUNDS * SECONDS_A_ROUND)
@pytest.mark.parametrize(("delay", "share"), [(0, 0.75), (2, 0.25)])
async def test_nothing_private_reaches_the_public(tmp_path: Path, delay: int, share: float) -> None:
    report = await play(tmp_path, SEED, max(1, round(ROUNDS * share)), delay=delay, script=WARM_UP)
    print(report.words())
    assert not report.verdict.found, report.words()
    check_that_it_looked(report)


def check_that_it_looked(report: Report) -> None:
    """A search of nothing would find nothing."""
    verdict = report.verdict
    assert verdict.pictures > 4 * report.rounds, report.words()
    assert verdict.sounds > 4 * report.rounds, report.words()
    assert verdict.closed_pictures, report.words()
    assert report.whep_pictures, report.words()
    assert report.texts, report.words()
    if report.rounds >= len(WARM_UP):
        assert verdict.public_pictures, f"the public never saw the room\n{report.words()}"
        assert verdict.public_sounds, f"the public never heard the room\n{report.words()}"
        assert report.whep_public_pictures, report.words()
        assert report.heard_private[ADMITTED], f"nobody heard the private session\n{report.words()}"
        assert report.seen_private[ADMITTED], f"nobody saw the private session\n{report.words()}"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.name)
async def test_a_broken_gate_is_found_out(tmp_path: Path, sabotage: Sabotage) -> None:
    code = broken_copy(sabotage, tmp_path / "code")
    rounds = len(sabotage.script)
    report = await play(
        tmp_path / "meeting", 1, rounds, delay=sabotage.delay, code=code, script=sabotage.script
    )
    assert report.verdict.found, f"{sabotage.name} was not found out\n{report.words()}"
