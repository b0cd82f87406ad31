"""All viewers of one relay process: who they are, which datagram is whose, when they go."""

import asyncio
import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from contextlib import suppress

import structlog

from media.bus.base import BusAddress
from media.clock import Clock
from media.config import RelayConfig
from media.control.command import Done, Refused
from media.control.feeds import Answer, Patched
from media.control.relay import (
    ChooseRendition,
    CloseViewer,
    DropMeeting,
    GetRelayStatus,
    OpenViewer,
    PatchViewer,
    RelayStatus,
)
from media.fragment import read_fragment
from media.relay.answer import Endpoint, write_answer, write_restart
from media.relay.door import Door, place
from media.relay.dtls import Identity
from media.relay.fit import Level
from media.relay.offer import Offer, read_offer
from media.relay.pacer import Pacer
from media.relay.port import Port, reachable_addresses
from media.relay.programme import Programme
from media.relay.roster import Roster
from media.relay.send import Address, Outlet, Sender
from media.relay.stage import Stage
from media.relay.stream import RtpStream
from media.relay.stun import StunError, parse_request
from media.relay.viewer import Viewer
from media.relay.workbench import Workbench

log = structlog.get_logger(__name__)

PROGRAMME_SECONDS = 3.0
IDLE_SECONDS = 10.0
TICK_SECONDS = 0.25
"""Flights of handshakes are looked at so often; they are repeated after a second at the earliest."""
REPORT_SECONDS = 1.0

LEVELS = {"auto": Level.FULL, "360p": Level.SMALL, "sound": Level.SOUND}

DEPARTED = 500
"""Sessions that ended by the viewer's own goodbye and are remembered: their DELETE comes a moment later."""

_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")


class Relay:
    """Create it in the event loop, then ``close`` it."""

    def __init__(self, config: RelayConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._identity = Identity()
        self._port = Port(config.address, config.udp_port, self._receive)
        self._sender = Sender(self._port.socket, config.segmentation)
        self._addresses = reachable_addresses(config.address, config.announce)
        self._stage = Stage(Workbench(), self._sender, self._port.room)
        self._programmes: dict[str, Programme] = {}
        self._roster = Roster()
        self._door = Door(config.capacity, self._roster)
        self._departed: deque[str] = deque(maxlen=DEPARTED)
        self._pacer = Pacer()
        self._opening = asyncio.Event()
        """Set when somebody comes in."""
        self._ticking = asyncio.create_task(self._tick_for_ever(), name="relay tick")

    @property
    def port(self) -> int:
        """The UDP port in use."""
        return self._port.number

    @property
    def addresses(self) -> list[str]:
        """The addresses put into candidates."""
        return self._addresses

    def status(self) -> RelayStatus:
        """The load."""
        viewers = Counter(viewer.programme.ref for viewer in self._roster if viewer.delivery is not None)
        return RelayStatus(
            viewers=dict(viewers), capacity=self._config.capacity, packets_sent=self._sender.packets
        )

    async def open_viewer(self, command: OpenViewer) -> Answer:
        """See ``OpenViewer``."""
        offer = read_offer(command.sdp)
        if not _REF.fullmatch(command.meeting):
            raise Refused("no_programme", "There is no such meeting.")
        near = place(command.caller)
        with self._door.entering(near):
            programme = self._programme(command.meeting)
            # Counted from the first who asked: offers to a meeting that has not begun must not queue up here.
            patience = max(0.0, programme.opened_at + PROGRAMME_SECONDS - self._clock.monotonic())
            if not await programme.ready([section.kind for section in offer.sections], patience):
                raise Refused("no_programme", "The meeting's programme has not begun.")
            if self._programmes.get(command.meeting) is not programme:
                raise Refused("no_programme", "The meeting's programme has just ended.")
        level = programme.offered(LEVELS[command.rendition])
        return self._admit(offer, programme, programme.streams_with(command.audio, level), level, near)

    async def patch_viewer(self, command: PatchViewer) -> Patched:
        """See ``PatchViewer``."""
        viewer = self._session(command.session)
        fragment = read_fragment(command.fragment)
        any_session, names = "*" in command.tags, viewer.ice.newest
        if not any_session and names.ufrag not in command.tags:
            raise Refused("stale", "This is not of the present ICE session.")
        if fragment.ufrag is None or (
            fragment.ufrag == names.theirs and not (any_session and viewer.ice.restarted)
        ):
            return Patched()
        if fragment.ufrag != names.theirs:
            viewer.restart(fragment.ufrag, self._clock.monotonic())
            self._roster.renamed(viewer)
        # Asked again with the same names, the answer to the first may have been lost.
        return Patched(sdp=write_restart(viewer.offer, self._endpoint(viewer)), etag=_tag(viewer))

    async def choose_rendition(self, command: ChooseRendition) -> Done:
        """See ``ChooseRendition``."""
        viewer = self._session(command.session)
        viewer.choose(viewer.programme.offered(LEVELS[command.rendition]), self._clock.monotonic())
        return Done()

    async def close_viewer(self, command: CloseViewer) -> Done:
        """See ``CloseViewer``."""
        if command.session in self._departed:
            self._departed.remove(command.session)
            return Done()
        self._remove(self._session(command.session), goodbye=True)
        return Done()

    async def get_status(self, _: GetRelayStatus) -> RelayStatus:
        """See ``GetRelayStatus``."""
        return self.status()

    async def drop_meeting(self, command: DropMeeting) -> Done:
        """See ``DropMeeting``."""
        programme = self._programmes.pop(command.meeting, None)
        if programme is not None:
            await self._end(programme)
        return Done()

    async def close(self) -> None:
        """Say goodbye to everybody and let go of the port."""
        self._ticking.cancel()
        await asyncio.wait([self._ticking])
        while self._programmes:
            _, programme = self._programmes.popitem()
            await self._end(programme)
        await self._pacer.close()
        self._port.close()

    async def wait_failed(self) -> None:
        """Return, or raise, only when the relay cannot go on."""
        await asyncio.shield(self._ticking)

    def tick(self) -> None:
        """Whatever is due by the clock for everybody."""
        self._tick(self._roster)

    def _tick(self, viewers: Iterable[Viewer]) -> None:
        now = self._clock.monotonic()
        for viewer in viewers:
            viewer.tick(now)
            if viewer.ended:
                self._remove(viewer, goodbye=False)

    def _admit(
        self, offer: Offer, programme: Programme, streams: Mapping[str, RtpStream], level: Level, near: str
    ) -> Answer:
        outlet = Outlet(self._sender)
        viewer = Viewer(offer, programme, self._identity, outlet, streams, level, self._clock.monotonic())
        programme.idle_since = None
        viewer.near = near
        self._roster.add(viewer)
        self._opening.set()
        ssrcs = {kind: stream.ssrc for kind, stream in streams.items()}
        sdp = write_answer(offer, self._endpoint(viewer), ssrcs, programme.cname)
        return Answer(sdp=sdp, session=viewer.session, etag=_tag(viewer))

    def _endpoint(self, viewer: Viewer) -> Endpoint:
        names = viewer.ice.newest
        return Endpoint(
            self._addresses, self._port.number, names.ufrag, names.password, self._identity.fingerprint
        )

    def _session(self, name: str) -> Viewer:
        viewer = self._roster.session(name)
        if viewer is None:
            raise Refused("no_session", "There is no such session; it may have ended.")
        return viewer

    def _programme(self, ref: str) -> Programme:
        programme = self._programmes.get(ref)
        if programme is None:
            url = self._config.bus_url_pattern.replace("{meeting}", ref)
            address = BusAddress(url)
            now = self._clock.monotonic()
            programme = Programme(ref, address, self._stage, now)
            self._programmes[ref] = programme
        programme.idle_since = self._clock.monotonic()
        return programme

    def _receive(self, data: bytes, address: Address) -> None:
        """One datagram, told apart by its first byte (RFC 7983)."""
        kind = data[0]
        if kind < 4:
            self._receive_check(data, address)
            return
        viewer = self._roster.address(address)
        if viewer is None:
            return
        now = self._clock.monotonic()
        if 20 <= kind < 64:
            viewer.dtls(data, now)
            if viewer.delivery is not None:
                self._roster.connected(viewer)
        elif 128 <= kind < 192:
            viewer.rtcp(data, now)
        if viewer.delivery is not None:
            self._pacer.add(viewer.delivery)
        if viewer.ended:
            self._departed.append(viewer.session)
            self._remove(viewer, goodbye=False)

    def _receive_check(self, data: bytes, address: Address) -> None:
        try:
            request = parse_request(data)
        except StunError:
            return
        viewer = self._roster.ufrag(request.local_ufrag)
        if viewer is None or not self._roster.may_begin(viewer, address):
            return
        if viewer.check(request, address, self._clock.monotonic()):
            self._roster.route(viewer, address)
            if viewer.delivery is not None:
                self._pacer.add(viewer.delivery)

    def _remove(self, viewer: Viewer, *, goodbye: bool) -> None:
        viewer.close(goodbye=goodbye)
        if viewer.delivery is not None:
            self._pacer.discard(viewer.delivery)
        self._roster.remove(viewer)

    async def _end(self, programme: Programme) -> None:
        for viewer in self._roster:
            if viewer.programme is programme:
                self._remove(viewer, goodbye=True)
        await programme.close()

    async def _tick_for_ever(self) -> None:
        reported = self._clock.monotonic()
        while True:
            await self._nap(reported + REPORT_SECONDS)
            self._tick(self._roster.opening)
            now = self._clock.monotonic()
            if now - reported >= REPORT_SECONDS:
                reported = now
                self.tick()
                for programme in self._programmes.values():
                    programme.report()
                await self._leave_idle_programmes(now)

    async def _nap(self, until: float) -> None:
        """Up to the next tick: while nobody's handshake is under way, the next report."""
        if self._roster.opening:
            await asyncio.sleep(TICK_SECONDS)
            return
        self._opening.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, until - self._clock.monotonic())):
                await self._opening.wait()

    async def _leave_idle_programmes(self, now: float) -> None:
        watched = {viewer.programme.ref for viewer in self._roster}
        for ref, programme in list(self._programmes.items()):
            if ref in watched:
                programme.idle_since = None
            elif programme.idle_since is None:
                programme.idle_since = now
            if programme.failed or (
                programme.idle_since is not None and now - programme.idle_since > IDLE_SECONDS
            ):
                del self._programmes[ref]
                await self._end(programme)


def _tag(viewer: Viewer) -> str:
    """The entity tag of a viewer's ICE session: strong, and another one after each restart."""
    return f'"{viewer.ice.newest.ufrag}"'
