"""What every command and view works with. There is one desk in the hub; tests make their own."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.domain.clock import Clock, Tokens
from hub.domain.limits import Limits
from hub.domain.links import LinkKey
from hub.domain.ports import Announcer, StudioPort
from hub.domain.store import Store
from hub.domain.turn import TurnServers


@dataclass(frozen=True, slots=True)
class Hand:
    """An officer who looks at a question, so that others leave it to them."""

    question_id: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PostHand:
    """The same, at a post of a discussion."""

    post_id: int
    name: str
    since: datetime


@dataclass(slots=True)
class Room:
    """What must be in order between the commands of one meeting while they wait for the studio."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a command talks to the studio and writes down what came of it. A cut never waits for it."""
    cuts: int = 0
    """Counts cuts from the moment they begin, so that an opening under way notices and closes again."""
    lost: dict[int, datetime] = field(default_factory=dict)
    """Registrations that are called or on air and whose sound and picture stopped, and since when."""
    cues: dict[int, datetime] = field(default_factory=dict)
    """Registrations that are called → when an officer means to bring them on air. In memory, as hands are."""
    clerks: dict[int, str] = field(default_factory=dict)
    """Officer → name, of those who have the console open at this hub. Kept in memory, as their hands are."""
    hands: dict[int, Hand] = field(default_factory=dict)
    """Officer → the question they look at. Kept in memory: it says what somebody does now."""
    post_hands: dict[int, PostHand] = field(default_factory=dict)


@dataclass(slots=True)
class Desk:
    """The council's desk: where things are written down, and through whom things are done."""

    store: Store
    clock: Clock
    tokens: Tokens
    studio: StudioPort
    announcer: Announcer
    links: LinkKey
    council: str
    public_url: str
    """Where the public reach us, without a slash at the end."""
    interpreted_language: str = ""
    """What interpreters speak (BCP 47); "" where meetings have no second sound."""
    sends_mail: bool = False
    """Whether a mail server is set up."""
    kept_after_meeting: timedelta = timedelta(days=90)
    """How long what people left of themselves at a meeting is kept afterwards, as the privacy page says."""
    recordings_kept: timedelta | None = None
    """How many days recordings are kept after the meeting. None: for good."""
    turn: TurnServers = field(default_factory=TurnServers)
    """Ways round a firewall for those who speak from afar."""
    rooms: dict[str, Room] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def room(self, ref: str) -> Room:
        """The order book of one meeting."""
        return self.rooms.setdefault(ref, Room())
