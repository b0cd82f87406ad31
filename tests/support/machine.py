"""Plays Hypothesis' state machines: other runs each time, for so long and no longer.

A failure shows the seed of the runs that found it: ``MACHINE_SEED=7 pytest …`` plays these first.
``MACHINE_SECONDS=600`` plays for longer than CI has time.
"""

import os
import secrets
from itertools import count
from time import monotonic, process_time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

SECONDS = 12.0
"""Of the processor; a busy machine plays fewer runs within four times that."""
RUNS = 4
"""That one seed draws."""


def play(machine: type[RuleBasedStateMachine], steps: int) -> None:
    """Runs of at most so many steps, one seed after the other; at least those of the first."""
    first = int(os.environ.get("MACHINE_SEED") or secrets.randbits(32))
    seconds = float(os.environ.get("MACHINE_SECONDS") or SECONDS)
    worked, at_last = process_time() + seconds, monotonic() + 4 * seconds
    # Each step is a command on a database: that takes its time, and two busy cores are slow, not dead.
    unhurried = settings(
        max_examples=RUNS,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=[*HealthCheck],
        # The smallest case would take minutes; the steps of the one that was found are printed as they are.
        phases=[Phase.generate],
    )
    for number in count(first):
        print(f"{machine.__name__}: MACHINE_SEED={number}")
        run_state_machine_as_test(seed(number)(machine), settings=unhurried)
        if process_time() >= worked or monotonic() >= at_last:
            return
