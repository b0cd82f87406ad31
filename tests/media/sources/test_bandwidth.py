import random

from aiortc.rate import RateCounter, RemoteBitrateEstimator

from media.sources.bandwidth import Rate, lighten


def test_the_rate_is_what_the_counter_of_buckets_finds() -> None:
    rng = random.Random(5)
    for _ in range(20):
        ours, theirs, now = Rate(1000), RateCounter(1000), rng.randrange(10**9)
        for _ in range(400):
            now += rng.choice((0, 0, 1, 3, 20, 40, 900, 999, 1000, 1001, 5000))
            if rng.random() < 0.02:
                ours.reset()
                theirs.reset()
            if rng.random() < 0.7:
                size = rng.randrange(1, 1500)
                ours.add(size, now)
                theirs.add(size, now)
            if rng.random() < 0.7:
                assert ours.rate(now) == theirs.rate(now)


def test_a_lightened_estimator_says_the_same() -> None:
    """Over a line that is good, then has a queue that grows, then is good again."""
    ours, theirs = RemoteBitrateEstimator(), RemoteBitrateEstimator()
    lighten(ours)
    rng = random.Random(7)
    told, queue = [], 0.0
    for number in range(4000):
        sent = 8 * number
        queue = max(0.0, queue + (0.9 if 1500 < number < 1900 else -0.5))
        arrived = 10**6 + sent + round(queue + rng.random() * 4)
        packet = arrived, (sent * 2**18 // 1000) & 0xFFFFFF, rng.randrange(200, 1200), 77
        found = ours.add(*packet)
        assert found == theirs.add(*packet), number
        if found is not None:
            told.append(found[0])
    assert len(told) > 20
    assert min(told[5:]) < 0.9 * max(told), "the growing queue was never noticed"
