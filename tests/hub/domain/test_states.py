"""Every pair of state and event moves as was written by hand, or else is refused."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest

from hub.domain.errors import IllegalTransition
from hub.domain.people import Part
from hub.domain.states import item, meeting, post, question, speaker, topic
from hub.domain.states.item import ItemEvent, ItemState
from hub.domain.states.meeting import CLOSED, RUNNING, MeetingEvent, MeetingState
from hub.domain.states.post import PostEvent, PostState
from hub.domain.states.question import QuestionEvent, QuestionState
from hub.domain.states.speaker import SpeakerEvent, SpeakerState
from hub.domain.states.topic import TopicEvent, TopicState
from tests.hub.domain.expected import INVITED, ITEM, MEETING, POST, QUESTION, SPEAKER, TOPIC

Case = tuple[Callable[[Any, Any], Any], dict[Any, Any], Any, Any]


def pairs() -> Iterable[Case]:
    for state, event in product(MeetingState, MeetingEvent):
        yield meeting.after, dict(MEETING), state, event
    for speaker_state, speaker_event in product(SpeakerState, SpeakerEvent):
        yield speaker.after, dict(SPEAKER), speaker_state, speaker_event
        yield invited, dict(INVITED), speaker_state, speaker_event
    for question_state, question_event in product(QuestionState, QuestionEvent):
        yield question.after, dict(QUESTION), question_state, question_event
    for post_state, post_event in product(PostState, PostEvent):
        yield post.after, dict(POST), post_state, post_event
    for item_state, item_event in product(ItemState, ItemEvent):
        yield item.after, dict(ITEM), item_state, item_event
    for topic_state, topic_event in product(TopicState, TopicEvent):
        yield topic.after, dict(TOPIC), topic_state, topic_event


def invited(state: SpeakerState, event: SpeakerEvent) -> SpeakerState:
    return speaker.after(state, event, Part.SIGNER)


@pytest.mark.parametrize(("after", "table", "state", "event"), list(pairs()))
def test_every_pair(after: Callable[[Any, Any], Any], table: dict[Any, Any], state: Any, event: Any) -> None:
    if (state, event) in table:
        assert after(state, event) == table[state, event]
    else:
        with pytest.raises(IllegalTransition, match=event.replace("_", " ")):
            after(state, event)


def test_only_two_moves_show_the_meeting_to_the_public() -> None:
    opening = {event for (_, event), end in meeting.TRANSITIONS.items() if end is MeetingState.LIVE}
    assert opening == {MeetingEvent.GO_LIVE, MeetingEvent.RETURN_TO_PUBLIC}


def test_every_running_state_but_the_first_can_be_cut_and_ended() -> None:
    for state in RUNNING - {MeetingState.PRE_SHOW}:
        assert meeting.after(state, MeetingEvent.GO_PRIVATE) is MeetingState.PRIVATE
        assert meeting.after(state, MeetingEvent.FAULT) in CLOSED
        assert meeting.after(state, MeetingEvent.END) is MeetingState.ENDED


def test_nobody_is_on_air_without_being_admitted() -> None:
    on_air = SpeakerState.ON_AIR
    moves = speaker.TRANSITIONS.items()
    ways = {event for (start, event), end in moves if end is on_air and start is not on_air}
    assert ways == {SpeakerEvent.ADMIT}
