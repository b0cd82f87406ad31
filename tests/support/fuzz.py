"""How much is tried on parsers: the same in every run, and as much as a second or two allows.

``HYPOTHESIS_PROFILE=long`` tries forty times as much, other things each time.
"""

import os

from hypothesis import HealthCheck, settings

USUAL = settings(
    derandomize=True,
    database=None,
    max_examples=500,
    # Time is bounded by the number of examples; one that is slow on a busy machine is no failure.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
LONG = settings(USUAL, derandomize=False, max_examples=20_000, print_blob=True)
PROFILES = {"usual": USUAL, "long": LONG}

fuzz = PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "usual")]
