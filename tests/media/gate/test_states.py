import pytest

from media.control.studio import GateState
from media.gate.states import TABLE, IllegalTransition, NotConfirmed, check

CLOSED = set(GateState) - {GateState.OPEN}


def test_the_table_knows_every_state() -> None:
    assert set(TABLE) == set(GateState)


@pytest.mark.parametrize(
    "cut", [GateState.PRIVATE, GateState.ADJOURNED, GateState.TECHNICAL, GateState.ENDED]
)
@pytest.mark.parametrize("before", set(GateState) - {GateState.ENDED})
def test_a_cut_is_possible_from_everywhere_but_the_end(before: GateState, cut: GateState) -> None:
    check(before, cut, confirmed=False)


@pytest.mark.parametrize("after", GateState)
def test_the_end_is_final(after: GateState) -> None:
    with pytest.raises(IllegalTransition) as error:
        check(GateState.ENDED, after, confirmed=True)
    assert (error.value.before, error.value.after) == (GateState.ENDED, after)


@pytest.mark.parametrize("before", CLOSED - {GateState.ENDED})
def test_opening_asks_for_confirmation(before: GateState) -> None:
    with pytest.raises(NotConfirmed):
        check(before, GateState.OPEN, confirmed=False)
    check(before, GateState.OPEN, confirmed=True)


@pytest.mark.parametrize("before", [GateState.OPEN, GateState.PRIVATE, GateState.ADJOURNED])
def test_nothing_leads_back_to_waiting_from_a_meeting_that_began(before: GateState) -> None:
    with pytest.raises(IllegalTransition):
        check(before, GateState.WAITING, confirmed=True)
