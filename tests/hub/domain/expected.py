"""What each machine is to do, written by hand: the program's own tables are what is being tested.

Lines for each state: the state, then what may happen in it and where that leads. All else is refused.
"""

from enum import StrEnum
from typing import TypeVar

from hub.domain.states.item import ItemEvent, ItemState
from hub.domain.states.meeting import MeetingEvent, MeetingState
from hub.domain.states.post import PostEvent, PostState
from hub.domain.states.question import QuestionEvent, QuestionState
from hub.domain.states.speaker import SpeakerEvent, SpeakerState
from hub.domain.states.topic import TopicEvent, TopicState

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


def _read(lines: str, states: type[S], events: type[E]) -> dict[tuple[S, E], S]:
    table: dict[tuple[S, E], S] = {}
    for line in lines.strip().splitlines():
        state, _, moves = line.strip().partition(": ")
        for move in moves.split(", "):
            event, end = move.split(" → ")
            pair = states(state), events(event)
            assert pair not in table, f"{state} has two lines for {event}"
            table[pair] = states(end)
    return table


SPEAKER = _read(
    """
    submitted: confirm → confirmed, put_on_waiting_list → waiting_list, decline → declined
    submitted: withdraw → withdrawn
    waiting_list: move_up → submitted, confirm → confirmed, decline → declined, withdraw → withdrawn
    confirmed: check_in → checked_in, join_by_phone → checked_in, decline → declined, miss → no_show
    confirmed: read_out → done, withdraw → withdrawn, remove → removed
    checked_in: call → called, miss → no_show, join_by_phone → checked_in, leave_phone → confirmed
    checked_in: withdraw → withdrawn, remove → removed
    called: admit → on_air, stand_back → checked_in, miss → no_show, join_by_phone → called
    called: leave_phone → confirmed, fall_back → checked_in, lose → no_show, withdraw → withdrawn
    called: remove → removed
    on_air: finish → done, change_device → called, join_by_phone → on_air, fall_back → checked_in
    on_air: lose → no_show, take_back → called, remove → removed
    done: take_back → confirmed, wait_again → checked_in
    no_show: check_in → checked_in, join_by_phone → checked_in, take_back → confirmed, wait_again → checked_in
    no_show: remove → removed
    """,
    SpeakerState,
    SpeakerEvent,
)
"""Of who registered to speak. Nobody withdraws while on air: an officer takes them off."""

INVITED = _read(
    """
    confirmed: check_in → checked_in, withdraw → withdrawn, revoke → revoked
    checked_in: bring_in → on_air, withdraw → withdrawn, revoke → revoked
    on_air: send_out → checked_in, change_device → checked_in, finish → done, revoke → revoked
    """,
    SpeakerState,
    SpeakerEvent,
)
"""Of interpreters, signers and presenters."""

QUESTION = _read(
    """
    pending: approve → approved, reject → rejected, merge → merged, withdraw → withdrawn, reply → replied
    pending: edit → pending
    approved: start_answer → answering, finish_answer → answered, answer → answered, reply → answered
    approved: reject → rejected, merge → merged, withdraw → withdrawn, put_back → pending
    answering: finish_answer → answered, answer → answered, put_back → approved
    answered: answer → answered, put_back → approved
    merged: put_back → pending
    rejected: approve → approved, reply → replied, put_back → pending
    replied: reply → replied
    """,
    QuestionState,
    QuestionEvent,
)
"""Who asked may take it back while nobody answers; what was answered stays answered."""

MEETING = _read(
    """
    scheduled: open_room → pre_show
    pre_show: go_live → live
    live: adjourn → adjourned, go_private → private, suspend → suspended, fault → technical, end → ended
    adjourned: adjourn → adjourned, go_private → private, suspend → suspended, fault → technical
    adjourned: return_to_public → live, end → ended
    private: adjourn → adjourned, go_private → private, suspend → suspended, fault → technical
    private: return_to_public → live, end → ended
    suspended: adjourn → adjourned, go_private → private, suspend → suspended, fault → technical
    suspended: return_to_public → live, end → ended
    technical: adjourn → adjourned, go_private → private, suspend → suspended, fault → technical
    technical: return_to_public → live, end → ended
    ended: publish → published, withhold → withheld
    published: withhold → withheld, expire → expired
    withheld: publish → published, expire → expired
    """,
    MeetingState,
    MeetingEvent,
)

POST = _read(
    """
    unconfirmed: confirm → pending, withdraw → withdrawn
    pending: approve → approved, reject → rejected, merge → merged, withdraw → withdrawn
    approved: reject → rejected, merge → merged, withdraw → withdrawn, put_back → pending
    merged: put_back → pending
    rejected: approve → approved, put_back → pending
    """,
    PostState,
    PostEvent,
)
"""Of a discussion. Nobody decides about what was not confirmed."""

TOPIC = _read(
    """
    open: close → closed, time_up → closed, reopen → open
    closed: reopen → open, summarise → summarised
    summarised: summarise → summarised
    """,
    TopicState,
    TopicEvent,
)
"""A discussion that was summed up is over for good; its summary may be put better."""

ITEM = _read(
    """
    planned: defer → deferred, put_off → put_off, take_up → planned
    deferred: put_off → put_off, take_up → planned, restore → planned
    put_off: take_up → planned, restore → planned
    """,
    ItemState,
    ItemEvent,
)
"""Of the order of business. What is deferred is not deferred again: it is moved."""
