"""Remote speakers: camera and microphone in, the programme without their own voice out."""

from collections.abc import Mapping, Sequence

from media.control.command import Refused
from media.control.feeds import Answer, SpeakerRole
from media.sources.desk import CHAMBER, FeedDesk
from media.sources.intake import PRESENTATION, Intake
from media.sources.offer import read_offer
from media.sources.peer import Peer
from media.sources.return_picture import ReturnPicture
from media.sources.return_track import ReturnTrack
from media.sources.spare import SpareDecoder

MOST_SPEAKERS = 12
SIGN = "sign"
SHOWN_AS: Mapping[str, str] = {"signer": SIGN, "presenter": PRESENTATION}
"""The source that a role is, whoever has it; they are not heard."""


class Speakers:
    """The connected speakers by id. A second offer for the same id replaces the first."""

    def __init__(self, desk: FeedDesk, address: str, ice_servers: Sequence[str], spare: SpareDecoder) -> None:
        self._desk = desk
        self._address = address
        self._ice_servers = ice_servers
        self._spare = spare
        self._peers: dict[str, Peer] = {}
        self._returns: dict[str, ReturnTrack] = {}
        self._screens: dict[str, ReturnPicture] = {}
        self._listeners: frozenset[str] = frozenset()

    @property
    def screens(self) -> dict[str, ReturnPicture]:
        """Where those who asked for a picture see the private session. Replaced as a whole as well."""
        return self._screens

    @property
    def listeners(self) -> frozenset[str]:
        """Those of ``returns`` who are never heard: their return is the floor. Replaced as a whole."""
        return self._listeners

    def connected(self, speaker: str) -> bool:
        """Whether the speaker is there now."""
        peer = self._peers.get(speaker)
        return peer is not None and not peer.ended

    @property
    def returns(self) -> dict[str, ReturnTrack]:
        """The return of each speaker. Replaced as a whole at every change: other threads may read it."""
        return self._returns

    def __contains__(self, speaker: str) -> bool:
        return speaker in self._peers

    async def open(self, speaker: str, label: str, sdp: str, role: SpeakerRole = "speaker") -> Answer:
        """Accept the connection of a speaker, or of somebody with another role.

        Raises ``Refused``: ``bad_offer``, ``full`` or ``bad_source``.
        """
        if speaker == CHAMBER:
            raise Refused("bad_source", "A speaker cannot be the chamber.")
        offer = read_offer(sdp)
        if speaker not in self._peers and len(self._peers) >= MOST_SPEAKERS:
            raise Refused("full", f"The studio takes {MOST_SPEAKERS} speakers at once.")
        previous = self._peers.get(speaker)
        track = ReturnTrack(encoded=offer.opus)
        intake = self._desk.arrive(SHOWN_AS.get(role, speaker), role, label, lambda: self._evict(speaker))
        screen = ReturnPicture()
        peer = Peer(intake, self._address, self._ice_servers, self._left, self._spare, track, screen)
        self._peers[speaker] = peer
        self._listeners = self._listeners - {speaker} | ({speaker} if role in SHOWN_AS else set())
        self._returns = {**self._returns, speaker: track}
        self._screens = {name: one for name, one in self._screens.items() if name != speaker}
        if previous is not None:
            previous.end("Replaced by a newer connection of the same speaker.")
        try:
            answer = await peer.answer(offer)
        except Refused as refusal:
            self._desk.refuse(intake.name, "webrtc", refusal.message, intake)
            self._forget(speaker, peer)
            raise
        if peer.shows and self._peers.get(speaker) is peer:
            self._screens = {**self._screens, speaker: screen}
        return Answer(sdp=answer, session=speaker)

    def name(self, speaker: str, label: str) -> None:
        """Another name from the next tick on. Raises ``Refused`` with ``no_speaker``."""
        peer = self._peers.get(speaker)
        if peer is None:
            raise Refused("no_speaker", "This speaker is not connected.")
        peer.intake.label = label

    async def close(self, speaker: str) -> None:
        """Hang up. Raises ``Refused`` with ``no_speaker`` when nobody of that id is connected."""
        peer = self._peers.get(speaker)
        if peer is None:
            raise Refused("no_speaker", "This speaker is not connected.")
        self._forget(speaker, peer)
        await peer.close("Hung up.")
        if self._desk.find(peer.intake.name) is peer.intake:
            self._desk.forget(peer.intake.name)

    async def close_all(self) -> None:
        """Hang up on everybody."""
        for speaker in list(self._peers):
            await self.close(speaker)

    def _evict(self, speaker: str) -> None:
        peer = self._peers.get(speaker)
        if peer is not None:
            peer.end("Replaced by a newer connection of the same source.")

    def _left(self, intake: Intake, sentence: str) -> None:
        """A connection ended by itself. The speaker stays known, so that their place is kept."""
        self._desk.leave(intake, sentence)

    def _forget(self, speaker: str, peer: Peer) -> None:
        if self._peers.get(speaker) is peer:
            del self._peers[speaker]
            self._listeners = self._listeners - {speaker}
            self._returns = {name: track for name, track in self._returns.items() if name != speaker}
            self._screens = {name: track for name, track in self._screens.items() if name != speaker}
