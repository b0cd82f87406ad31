from media.sources.deafness import Deafness


def test_nothing_from_before_the_opening_is_taken_however_late_it_comes() -> None:
    deafness = Deafness(0.5)
    assert not deafness.ignores(9.96, 9.9)
    deafness.fall(10.0)
    assert deafness.ignores(10.1, 10.1)
    assert deafness.ignores(10.4, None)
    assert deafness.ignores(11.0, 10.3), "late, and from before"
    assert not deafness.ignores(11.0, 10.9)
    assert not deafness.ignores(15.0, None), "a pause much later is a pause"


def test_a_source_that_was_kept_back_across_the_opening_is_not_heard_for_as_long_again() -> None:
    deafness = Deafness(0.5)
    assert not deafness.ignores(9.0, None)
    deafness.fall(10.0)
    assert deafness.ignores(14.0, None), "a backlog that does not say how old it is"
    assert deafness.ignores(14.4, 14.4)
    assert not deafness.ignores(14.6, 14.6)


def test_one_that_was_never_heard_is_heard_after_the_time_on_the_way() -> None:
    deafness = Deafness(0.5)
    assert not deafness.ignores(1.0, None)
    fresh = Deafness(2.0)
    fresh.fall(10.0)
    assert fresh.ignores(30.0, None)
    assert not fresh.ignores(32.1, None)


def test_one_that_is_held_hears_nothing_until_what_waited_is_gone() -> None:
    deafness = Deafness(0.5)
    deafness.fall(10.0, held=True)
    assert deafness.ignores(20.0, 20.0)
    deafness.fall(20.0)
    assert deafness.ignores(20.4, 20.4)
    assert not deafness.ignores(20.6, 20.5)
