from media.control.ingest import PublisherRefused
from media.ingest.refusals import BURST, BURST_SECONDS, QUIET_SECONDS, Refusals
from tests.support.clock import HandClock


def test_the_same_refusal_is_told_once_in_a_while() -> None:
    told: list[PublisherRefused] = []
    clock = HandClock()
    refusals = Refusals(told.append, clock)
    for _ in range(5):
        refusals.tell("srt", "192.0.2.1", "No.")
    assert len(told) == 1
    clock.now += QUIET_SECONDS
    refusals.tell("srt", "192.0.2.1", "No.")
    assert len(told) == 2
    assert refusals.unsaid == 4


def test_a_flood_from_many_addresses_is_cut_short() -> None:
    told: list[PublisherRefused] = []
    clock = HandClock()
    refusals = Refusals(told.append, clock)
    for number in range(1000):
        refusals.tell("rtmp", f"192.0.2.{number}", "No.")
    assert len(told) == BURST
    clock.now += BURST_SECONDS
    refusals.tell("rtmp", "198.51.100.1", "No.")
    assert len(told) == BURST + 1
