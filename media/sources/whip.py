"""WHIP publishers (RFC 9725) as the studio sees them: an offer in, an answer out, a session to end."""

from collections.abc import Callable, Sequence

from media.control.command import Refused
from media.control.studio import Answer
from media.sources.desk import FeedDesk
from media.sources.intake import Intake
from media.sources.offer import bad_offer, read_offer
from media.sources.peer import Peer
from media.sources.spare import SpareDecoder

MOST_SESSIONS = 8


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
        self._sessions: dict[str, Peer] = {}

    async def open(self, source: str, sdp: str, label: str) -> Answer:
        """Accept a publisher. Raises ``Refused``: ``bad_offer``, ``full`` or ``bad_source``."""
        offer = read_offer(sdp)
        if len(set(offer.kinds)) < len(offer.kinds):
            raise bad_offer("A WHIP publisher sends at most one audio and one video track.")
        self._sessions = {name: peer for name, peer in self._sessions.items() if not peer.ended}
        if len(self._sessions) >= MOST_SESSIONS:
            raise Refused("full", f"The studio takes {MOST_SESSIONS} publishers at once.")
        session = self._token()
        intake = self._desk.arrive(source, "whip", label, lambda: self._evict(session))
        peer = Peer(intake, self._address, self._ice_servers, self._left, self._spare)
        self._sessions[session] = peer
        try:
            answer = await peer.answer(offer)
        except Refused as refusal:
            del self._sessions[session]
            self._desk.refuse(source, "whip", refusal.message, intake)
            raise
        return Answer(sdp=answer, session=session)

    async def close(self, session: str) -> None:
        """End a session. Raises ``Refused`` with ``no_session`` when there is none."""
        peer = self._sessions.pop(session, None)
        if peer is None:
            raise Refused("no_session", "There is no such session.")
        await peer.close("The publisher ended its session.")

    async def close_all(self) -> None:
        """End every session."""
        peers = list(self._sessions.values())
        self._sessions.clear()
        for peer in peers:
            await peer.close("The studio is closing.")

    def _evict(self, session: str) -> None:
        peer = self._sessions.get(session)
        if peer is not None:
            peer.end("Replaced by a newer connection of the same source.")

    def _left(self, intake: Intake, sentence: str) -> None:
        self._desk.leave(intake, sentence)
