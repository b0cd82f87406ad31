"""What becomes of a letter that was tried: sent, given up, or tried again ever more seldom for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hub.domain.states.mail import MailEvent, MailState, after

MOST_WAITING = 5000
"""Letters in each outbox."""
MOST_IN_A_DAY = 20
"""To one address."""
DAY = timedelta(days=1)
FIRST_RETRY = timedelta(seconds=30)
LAST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt to send."""

    event: MailEvent
    sentence: str = ""


class Queued(Protocol):
    """A row of an outbox."""

    state: MailState
    tries: int
    queued_at: datetime
    next_at: datetime
    done_at: datetime | None
    sentence: str


def note(mail: Queued, outcome: Outcome, now: datetime) -> None:
    """Take down what came of it."""
    if outcome.event is MailEvent.DELAY and now - mail.queued_at >= DAY:
        outcome = Outcome(MailEvent.GIVE_UP, f"It could not be sent for a day. {outcome.sentence}")
    if outcome.event is not MailEvent.DELAY:
        end(mail, outcome.event, outcome.sentence, now)
        return
    mail.state = after(mail.state, MailEvent.DELAY)
    mail.next_at = now + min(FIRST_RETRY * 2**mail.tries, LAST_RETRY)
    mail.tries = min(mail.tries + 1, 16)
    mail.sentence = outcome.sentence


def end(mail: Queued, event: MailEvent, sentence: str, now: datetime) -> None:
    """It is not tried any more."""
    mail.state, mail.sentence, mail.done_at = after(mail.state, event), sentence, now


def again(mail: Queued, now: datetime) -> None:
    """From the start, whatever became of it before."""
    mail.state = after(mail.state, MailEvent.QUEUE)
    mail.tries, mail.queued_at, mail.next_at, mail.done_at, mail.sentence = 0, now, now, None, ""
