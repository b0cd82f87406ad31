"""How much is tried on parsers: the same in every run, and as much as a second or two allows."""

from hypothesis import HealthCheck, settings

fuzz = settings(
    derandomize=True,
    database=None,
    max_examples=500,
    # Time is bounded by the number of examples; one that is slow on a busy machine is no failure.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
