"""Which pictures owe nothing to what came before an opening, whatever the order in which they come back."""

from media.sources.generations import Generations


def heard() -> bool:
    return True


def deaf() -> bool:
    return False


def test_until_the_first_opening_everything_is_taken() -> None:
    generations = Generations()
    generation = generations.of_next(heard, gap=False)
    assert generation == generations.of_next(heard, gap=False)
    assert generations.admits(generation)


def test_what_was_on_its_way_at_an_opening_is_not_taken() -> None:
    generations = Generations()
    before = generations.of_next(heard, gap=False)
    generations.opened()
    assert not generations.admits(before)
    assert generations.of_next(deaf, gap=False) == before, "nothing that comes now would be taken"
    after = generations.of_next(heard, gap=False)
    assert after != before
    assert generations.admits(after)
    assert not generations.admits(before), "and comes back late"
    assert generations.of_next(heard, gap=False) == after, "one memory from here on"


def test_an_opening_while_the_first_is_on_its_way_counts() -> None:
    generations = Generations()
    generations.opened()
    first = generations.of_next(heard, gap=False)
    generations.opened()
    assert not generations.admits(first)
    second = generations.of_next(heard, gap=False)
    assert (generations.admits(first), generations.admits(second)) == (False, True)


def test_a_first_picture_that_is_not_taken_is_not_built_upon() -> None:
    """It may have been kept back on the way since before the opening."""
    generations = Generations()
    generations.opened()
    doubtful = generations.of_next(heard, gap=False)
    generations.taken(doubtful, False)
    again = generations.of_next(heard, gap=False)
    assert again != doubtful
    assert not generations.admits(doubtful)
    generations.taken(again, True)
    generations.taken(again, False)
    assert generations.of_next(heard, gap=False) == again


def test_what_comes_back_of_a_memory_that_was_given_up_proves_nothing() -> None:
    generations = Generations()
    generations.opened()
    doubtful = generations.of_next(heard, gap=False)
    generations.taken(doubtful, False)
    again = generations.of_next(heard, gap=False)
    generations.taken(doubtful, True)
    generations.taken(again, False)
    assert generations.of_next(heard, gap=False) != again


def test_a_gap_begins_a_memory_and_takes_nothing_back() -> None:
    generations = Generations()
    before = generations.of_next(heard, gap=False)
    after = generations.of_next(heard, gap=True)
    assert after != before
    assert generations.admits(before)
    assert generations.admits(after)


def test_a_gap_does_not_stand_for_an_opening() -> None:
    generations = Generations()
    generations.of_next(heard, gap=False)
    generations.opened()
    begun = generations.of_next(deaf, gap=True)
    assert not generations.admits(begun), "what comes now was sent before the opening"
