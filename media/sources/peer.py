"""One WebRTC connection that brings pictures and sound: a WHIP publisher or a remote speaker."""

import asyncio
import threading
from collections.abc import Callable, Sequence

import av
import structlog
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceCandidate,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError, OperationError
from aiortc.mediastreams import MediaStreamError

from media.fragment import Candidate
from media.sources.capture_clock import CaptureClock
from media.sources.hooks import Attached, attach, shorten
from media.sources.ice import announce
from media.sources.intake import Intake
from media.sources.line import Arrived
from media.sources.offer import Offer, bad_offer
from media.sources.shortcut import Shortcut
from media.sources.spare import SpareDecoder
from media.sources.track_decoder import PictureDecoder, SoundDecoder, TrackDecoder

log = structlog.get_logger(__name__)

SECONDS_TO_CONNECT = 20.0
MOST_TRACKS = 2
MOST_CANDIDATES = 64
"""That come after the offer. Each may be sent to: a publisher must not make a studio knock everywhere."""
_WRONG = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    InvalidAccessError,
    InvalidStateError,
    OperationError,
)


class Peer:
    """Owns an ``RTCPeerConnection`` and its tasks. Use from the event loop's thread."""

    def __init__(
        self,
        intake: Intake,
        address: str,
        ice_servers: Sequence[str],
        left: Callable[[Intake, str], None],
        spare: SpareDecoder,
        return_track: MediaStreamTrack | None = None,
        screen: MediaStreamTrack | None = None,
    ) -> None:
        self.intake = intake
        self._address = address
        self._left = left
        self._spare = spare
        self._return_track = return_track
        self._screen = screen
        self.shows = False
        """Whether the other side asked for ``screen``: a video section in which it only receives."""
        # The list is given even when empty: without one aiortc asks a public STUN server.
        servers = [RTCIceServer(urls=url) for url in ice_servers]
        self._connection = RTCPeerConnection(
            RTCConfiguration(servers, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self._connected = asyncio.Event()
        self._ended = asyncio.Event()
        self._sentence = "The connection ended."
        self._loop = asyncio.get_running_loop()
        self._capture = CaptureClock(one_clock=False)
        self._attached: list[Attached] = []
        self.shortcuts: list[Shortcut] = []
        self._candidates_left = MOST_CANDIDATES
        self._pumps: list[asyncio.Task[None]] = []
        self._watching: asyncio.Task[None] | None = None

    async def answer(self, offer: Offer) -> str:
        """Accept the offer and begin. Raises ``Refused`` with ``bad_offer``; then the peer is closed."""
        self._connection.on("track", self._on_track)
        self._connection.on("connectionstatechange", self._on_state)
        try:
            self._prepare(offer)
            await self._connection.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
            await self._connection.setLocalDescription(await self._connection.createAnswer())
            self.shortcuts = shorten(self._attached)
            self.intake.on_flush = self._flushed
            self.intake.counted = self._arrived
        except _WRONG as error:
            await self._let_go()
            raise bad_offer(f"The studio cannot answer this offer: {error}") from error
        except asyncio.CancelledError:
            self.end("Whoever brought the offer went away.")
            self._watching = asyncio.create_task(self._watch())
            raise
        self._watching = asyncio.create_task(self._watch())
        return announce(self._connection.localDescription.sdp, self._address)

    async def trickle(self, candidates: Sequence[Candidate]) -> None:
        """Try these ways as well. Their end is not told to aiortc: the peer's own checks may come later."""
        for candidate in candidates[: self._candidates_left]:
            self._candidates_left -= 1
            await self._connection.addIceCandidate(
                RTCIceCandidate(
                    component=1,
                    foundation=candidate.foundation,
                    ip=candidate.host,
                    port=candidate.port,
                    priority=candidate.priority,
                    protocol="udp",
                    type=candidate.kind,
                    sdpMid=candidate.mid,
                )
            )

    def end(self, sentence: str) -> None:
        """Hang up soon, for the reason in ``sentence``. Returns at once."""
        if not self._ended.is_set():
            self._sentence = sentence
            self._ended.set()

    async def close(self, sentence: str) -> None:
        """Hang up and wait for it."""
        self.end(sentence)
        if self._watching is not None:
            await self._watching

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def _prepare(self, offer: Offer) -> None:
        """A transceiver for the first section of each kind, in their order: aiortc bundles on the first."""
        begun: set[str] = set()
        for kind, direction in zip(offer.kinds, offer.directions, strict=True):
            if kind == "video" and direction == "recvonly" and self._screen is not None and not self.shows:
                self._connection.addTransceiver(self._screen, direction="sendonly")
                self.shows = True
                continue
            if kind in begun:
                continue
            begun.add(kind)
            if kind == "video":
                _prefer("video/h264", self._connection.addTransceiver(kind, direction="recvonly"))
            elif self._return_track is not None:
                _prefer("audio/opus", self._connection.addTransceiver(self._return_track))
            else:
                _prefer("audio/opus", self._connection.addTransceiver(kind, direction="recvonly"))
        for transceiver in self._connection.getTransceivers():
            if transceiver.direction == "sendonly":
                continue
            decode = self._sound if transceiver.kind == "audio" else self._pictures
            attached = attach(
                transceiver.receiver, transceiver.kind, self._capture, self.intake.clock, decode
            )
            if attached is not None:
                self._attached.append(attached)

    def _sound(self, damaged: threading.Event) -> TrackDecoder:
        return SoundDecoder(self.intake, damaged)

    def _pictures(self, damaged: threading.Event) -> TrackDecoder:
        return PictureDecoder(self.intake, damaged, self._spare)

    def _arrived(self) -> Arrived:
        tracks = [attached.arrived() for attached in self._attached]
        return Arrived(*(sum(counts) for counts in zip(*tracks, strict=True))) if tracks else Arrived(0)

    def _flushed(self) -> None:
        """In the ticker's thread."""
        for attached in self._attached:
            attached.forget()
        self._loop.call_soon_threadsafe(self._catch_up)

    def _catch_up(self) -> None:
        """Throw away what waits in the sockets: it was sent before the opening.

        On a machine that is too busy it may have been there for seconds, and would be dated by its reading.
        """
        discarded = 0
        if self._connected.is_set():
            discarded = sum(shortcut.discard() for shortcut in self.shortcuts)
        if discarded:
            self._capture.forget_arrivals()
            log.info("backlog_discarded", source=self.intake.name, datagrams=discarded)
        self.intake.drained()

    def _on_track(self, track: MediaStreamTrack) -> None:
        if len(self._pumps) >= MOST_TRACKS:
            log.info("track_ignored", source=self.intake.name, kind=track.kind)
            return
        self._pumps.append(asyncio.create_task(self._pump(track)))

    def _on_state(self) -> None:
        match self._connection.connectionState:
            case "connected":
                self._connected.set()
                self.intake.connected()
            case "failed":
                self.end("The connection was lost.")
            case "closed":
                self.end("The other side hung up.")

    async def _pump(self, track: MediaStreamTrack) -> None:
        """Until the track ends. Frames come this way only where nothing could be attached."""
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            try:
                self.intake.take(frame, None)
            except (av.error.FFmpegError, ValueError) as error:
                log.warning("frame_not_taken", source=self.intake.name, error=str(error))

    async def _watch(self) -> None:
        """Give up on a connection that never comes about; clean up after every one that ends."""
        connected = asyncio.create_task(self._connected.wait())
        ended = asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait(
                (connected, ended), timeout=SECONDS_TO_CONNECT, return_when=asyncio.FIRST_COMPLETED
            )
            if not self._connected.is_set():
                self.end(f"No connection came about within {SECONDS_TO_CONNECT:.0f} seconds.")
            await ended
        finally:
            connected.cancel()
            ended.cancel()
            await self._let_go()
            self._left(self.intake, self._sentence)

    async def _let_go(self) -> None:
        for track in (self._return_track, self._screen):
            if track is not None:
                track.stop()
        await self._connection.close()
        for attached in self._attached:
            await asyncio.to_thread(attached.stop)
        # A track whose receiver never started does not end by itself.
        for pump in self._pumps:
            pump.cancel()
        for result in await asyncio.gather(*self._pumps, return_exceptions=True):
            if isinstance(result, Exception):
                log.error("pump_failed", source=self.intake.name, exc_info=result)


def _prefer(name: str, transceiver: RTCRtpTransceiver) -> None:
    """Take this codec when it is offered. A stable sort: the rest in aiortc's own order."""
    capabilities = RTCRtpReceiver.getCapabilities(transceiver.kind)
    if capabilities is not None:
        codecs = sorted(capabilities.codecs, key=lambda codec: codec.mimeType.lower() != name)
        transceiver.setCodecPreferences(codecs)
