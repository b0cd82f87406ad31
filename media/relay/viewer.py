"""One viewer's session: ICE-lite (RFC 8445 section 2.5), then DTLS, then what it may ask for."""

import secrets
from collections import OrderedDict
from collections.abc import Mapping

import structlog

from media.control.command import Refused
from media.relay.delivery import Delivery
from media.relay.dtls import DtlsError, DtlsSession, DtlsState, Identity
from media.relay.fit import Fit, Level
from media.relay.ice import IceNames
from media.relay.lane import Lane
from media.relay.limits import TokenBucket
from media.relay.offer import Offer
from media.relay.programme import Programme
from media.relay.rtcp import RtcpError, read_wishes
from media.relay.send import Address, Outlet
from media.relay.srtp import Srtp, SrtpError
from media.relay.stream import Format, RtpStream
from media.relay.stun import BindingRequest, success

log = structlog.get_logger(__name__)

ADDRESSES = 4
CHECK_SECONDS = 15.0
"""From the answer to the first good check."""
HANDSHAKE_SECONDS = 10.0
"""From the first good check to the end of the handshake."""
CONSENT_SECONDS = 30.0
"""RFC 7675 section 5.1."""
CHECKS_A_SECOND, CHECKS_BURST = 20.0, 60.0
DATAGRAMS_A_SECOND, DATAGRAMS_BURST = 100.0, 300.0
RESTARTS_A_SECOND, RESTARTS_BURST = 0.2, 5.0


class Viewer:
    """Sends through ``outlet``; never touches a socket or a timer itself."""

    def __init__(
        self,
        offer: Offer,
        programme: Programme,
        identity: Identity,
        outlet: Outlet,
        streams: Mapping[str, RtpStream],
        level: Level,
        now: float,
    ) -> None:
        self.session = secrets.token_urlsafe(24)
        """Its name towards the hub. Whoever knows it may end it."""
        self.ice = IceNames(offer.ufrag)
        self.offer = offer
        self.programme = programme
        self._begins = self._wanted = level
        """The rendition of ``streams``, and the one that was asked for last."""
        self.streams = streams
        """By kind of section."""
        self.delivery: Delivery | None = None
        """Set once the handshake is done: from then on this is a connected viewer."""
        self.addresses: OrderedDict[Address, None] = OrderedDict()
        """Those that a good check came from, the oldest first. Nothing is sent anywhere else."""
        self.near = ""
        """The neighbourhood that asked for the session; empty when it is not known."""
        self.ended = False
        self._astray = False
        """Whether ICE was restarted, and no check has said yet where the peer is now."""
        self._outlet = outlet
        self._dtls = DtlsSession(identity, offer.fingerprints)
        self._srtp: Srtp | None = None
        self._opened_at = now
        self._checked_at: float | None = None
        self._consent_at = now
        self._checks = TokenBucket(CHECKS_A_SECOND, CHECKS_BURST)
        self._datagrams = TokenBucket(DATAGRAMS_A_SECOND, DATAGRAMS_BURST)
        self._restarts = TokenBucket(RESTARTS_A_SECOND, RESTARTS_BURST)

    @property
    def profile(self) -> str:
        """Name of the SRTP profile in use; empty before the handshake is done."""
        return self._srtp.profile.name.decode() if self._srtp else ""

    def check(self, request: BindingRequest, address: Address, now: float) -> bool:
        """Judge a check that names this session; answer a good one. False when it was dropped."""
        names = self.ice.judge(request)
        if names is None or not self._checks.take(now):
            return False
        reply = success(request, address[0], address[1], names.password)
        if len(reply) > request.size:
            return False
        self._consent_at = now
        if self._checked_at is None:
            self._checked_at = now
        found = self._astray and names is self.ice.newest
        self._admit(address, chosen=found or request.use_candidate)
        self._outlet.send_to([reply], address)
        if found:
            self._found(now)
        return True

    def restart(self, theirs: str, now: float) -> None:
        """Another ICE session over the same keys. Raises ``Refused`` with ``too_many``."""
        if not self._restarts.take(now):
            raise Refused("too_many", "This session restarts ICE too often.")
        self.ice.restart(theirs)
        self._astray = True

    def dtls(self, datagram: bytes, now: float) -> None:
        """A DTLS datagram from one of our addresses."""
        if not self._datagrams.take(now):
            return
        try:
            self._outlet.send(self._dtls.receive(datagram))
        except DtlsError as error:
            log.info("relay_handshake_failed", meeting=self.programme.ref, error=str(error))
            self.ended = True
            return
        if self._dtls.keys is not None and self._srtp is None:
            self._connect(Srtp(self._dtls.keys), now)
        if self._dtls.state is DtlsState.CLOSED:
            self.ended = True

    def rtcp(self, datagram: bytes, now: float) -> None:
        """Encrypted RTCP (or RTP, which no viewer has reason to send) from one of our addresses."""
        if self._srtp is None or self.delivery is None or not self._datagrams.take(now):
            return
        if len(datagram) < 12 or not 192 <= datagram[1] <= 223:
            return
        try:
            wishes = read_wishes(self._srtp.unprotect_rtcp(datagram))
        except (SrtpError, RtcpError) as error:
            log.debug("relay_rtcp_dropped", error=str(error))
            return
        if wishes.received:
            self.delivery.told(wishes.received, now)
        if wishes.lost:
            self.delivery.resend(wishes.lost, now)
        if wishes.picture:
            self.delivery.picture_lost(self.programme.group(self.delivery.level), now)

    def choose(self, level: Level, now: float) -> None:
        """The page asked for another rendition."""
        self._wanted = level
        if self.delivery is not None:
            self.delivery.fit.choose(level, now)

    def tick(self, now: float) -> None:
        """Repeat lost flights of the handshake; end the session when it is time (``ended``)."""
        if self._checked_at is None:
            late = now - self._opened_at > CHECK_SECONDS
        elif self.delivery is None:
            late = now - self._checked_at > HANDSHAKE_SECONDS
            self._outlet.send(self._dtls.tick())
        else:
            late = now - self._consent_at > CONSENT_SECONDS
        if late:
            self.ended = True

    def close(self, *, goodbye: bool) -> None:
        """Let go of the programme; with ``goodbye`` tell the viewer."""
        self.ended = True
        if self.delivery is not None:
            self.programme.leave(self.delivery, goodbye=goodbye)
        farewell = self._dtls.close()
        if goodbye:
            self._outlet.send(farewell)

    def _found(self, now: float) -> None:
        """Go on where the first check of a restart came from, before any address is nominated.

        Chromium keeps to the path that it had until nothing has come by it for three seconds, and nominates
        only then. Its feedback goes that way, too, from an address that is not known, so what it missed is
        sent without its asking.
        """
        self._astray = False
        if self.delivery is not None:
            self.delivery.picture_lost(self.programme.group(self.delivery.level), now)

    def _admit(self, address: Address, *, chosen: bool) -> None:
        self.addresses[address] = None
        if chosen or self._outlet.address is None:
            self._outlet.address = address
        while len(self.addresses) > ADDRESSES:
            oldest = next(known for known in self.addresses if known != self._outlet.address)
            del self.addresses[oldest]

    def _connect(self, srtp: Srtp, now: float) -> None:
        lanes: dict[str, Lane] = {
            section.kind: Lane(
                self.streams[section.kind],
                Format.negotiated(section.payload_type, section.mid, section.mid_id),
            )
            for section in self.offer.sections
        }
        self._srtp = srtp
        self.delivery = Delivery(lanes, srtp, self._outlet, Fit(now, self._begins))
        if self._wanted is not self._begins:
            self.delivery.fit.choose(self._wanted, now)
        self.programme.join(self.delivery)
