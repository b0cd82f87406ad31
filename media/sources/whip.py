"""WHIP publishers (RFC 9725) as the studio sees them: an offer in, an answer out, a session to end."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from media.control.command import Refused
from media.control.feeds import Answer, Patched
from media.fragment import read_fragment
from media.sources.desk import FeedDesk
from media.sources.intake import Intake
from media.sources.offer import bad_offer, read_offer
from media.sources.peer import Peer
from media.sources.spare import SpareDecoder

MOST_SESSIONS = 8


def _tag() -> str:
    return secrets.token_hex(6)


@dataclass
class Session:
    """One publisher. It has one ICE session for good: aiortc cannot restart ICE."""

    peer: Peer
    ufrag: str
    """The publisher's ICE user name."""
    tag: str = field(default_factory=_tag)
    """The entity tag of the ICE session, without quotes."""


class WhipFeeds:
    """The open WHIP sessions. ``token`` makes a name that nobody can guess."""

    def __init__(
        self,
        desk: FeedDesk,
        address: str,
        ice_servers: Sequence[str],
        token: Callable[[], str],
        spare: SpareDecoder,
    ) -> None:
        self._desk = desk
        self._address = address
        self._ice_servers = ice_servers
        self._token = token
        self._spare = spare
        self._sessions: dict[str, Session] = {}

    async def open(self, source: str, sdp: str, label: str) -> Answer:
        """Accept a publisher. Raises ``Refused``: ``bad_offer``, ``full`` or ``bad_source``."""
        offer = read_offer(sdp)
        if len(set(offer.kinds)) < len(offer.kinds):
            raise bad_offer("A WHIP publisher sends at most one audio and one video track.")
        self._sessions = {name: one for name, one in self._sessions.items() if not one.peer.ended}
        if len(self._sessions) >= MOST_SESSIONS:
            raise Refused("full", f"The studio takes {MOST_SESSIONS} publishers at once.")
        session = self._token()
        intake = self._desk.arrive(source, "whip", label, lambda: self._evict(session))
        peer = Peer(intake, self._address, self._ice_servers, self._left, self._spare)
        opened = self._sessions[session] = Session(peer, offer.ufrag)
        try:
            answer = await peer.answer(offer)
        except Refused as refusal:
            del self._sessions[session]
            self._desk.refuse(source, "whip", refusal.message, intake)
            raise
        return Answer(sdp=answer, session=session, etag=f'"{opened.tag}"')

    async def patch(self, session: str, text: str, tags: Sequence[str]) -> Patched:
        """Take candidates. Raises ``Refused`` as ``PatchFeed`` says."""
        found = self._sessions.get(session)
        if found is None or found.peer.ended:
            raise Refused("no_session", "There is no such session.")
        fragment = read_fragment(text)
        if found.tag not in tags and "*" not in tags:
            raise Refused("stale", "This is not of the present ICE session.")
        if fragment.ufrag not in (None, found.ufrag):
            raise Refused("no_restart", "The studio does not restart ICE. Open a new session instead.")
        await found.peer.trickle(fragment.candidates)
        return Patched()

    async def close(self, session: str) -> None:
        """End a session. Raises ``Refused`` with ``no_session`` when there is none."""
        found = self._sessions.pop(session, None)
        if found is None:
            raise Refused("no_session", "There is no such session.")
        await found.peer.close("The publisher ended its session.")

    async def close_all(self) -> None:
        """End every session."""
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.peer.close("The studio is closing.")

    def _evict(self, session: str) -> None:
        found = self._sessions.get(session)
        if found is not None:
            found.peer.end("Replaced by a newer connection of the same source.")

    def _left(self, intake: Intake, sentence: str) -> None:
        self._desk.leave(intake, sentence)
