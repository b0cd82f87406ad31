"""Who is there: every viewer by session, by ICE user name and by address, and how many are on their way."""

from collections import Counter
from collections.abc import Iterator

from media.relay.limits import neighbourhood
from media.relay.send import Address
from media.relay.viewer import Viewer

NEIGHBOURS = 50
"""Handshakes under way for one /24 or /56: a hall full of people joins within a minute, a flood does not get
all places."""


class Roster:
    """Every question is answered without looking through everybody: joins come in storms."""

    def __init__(self) -> None:
        self._viewers: dict[str, Viewer] = {}
        self._by_ufrag: dict[str, Viewer] = {}
        self._by_address: dict[Address, Viewer] = {}
        self._routes: dict[Viewer, set[Address]] = {}
        self._opening: dict[Viewer, str] = {}
        """Viewers whose handshake is not done, with their neighbourhood; empty before the first check."""
        self._near: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        """The same by the neighbourhood that asked, which need not be the one that sends."""
        self._here: Counter[str] = Counter()
        """All viewers, by the neighbourhood that asked."""

    def __len__(self) -> int:
        return len(self._viewers)

    def __iter__(self) -> Iterator[Viewer]:
        return iter(list(self._viewers.values()))

    @property
    def opening(self) -> list[Viewer]:
        """Those whose handshake is not done."""
        return list(self._opening)

    @property
    def coming(self) -> int:
        """How many they are."""
        return len(self._opening)

    def coming_from(self, near: str) -> int:
        """Those whose session this neighbourhood asked for."""
        return self._asked[near]

    def here_from(self, near: str) -> int:
        """Viewers, connected or not, whose session this neighbourhood asked for."""
        return self._here[near]

    def add(self, viewer: Viewer) -> None:
        """An offer was answered."""
        self._viewers[viewer.session] = viewer
        self._by_ufrag[viewer.ice.newest.ufrag] = viewer
        self._routes[viewer] = set()
        self._opening[viewer] = ""
        self._asked[viewer.near] += 1
        self._here[viewer.near] += 1

    def renamed(self, viewer: Viewer) -> None:
        """It restarted ICE."""
        for gone in viewer.ice.outdated():
            del self._by_ufrag[gone]
        self._by_ufrag[viewer.ice.newest.ufrag] = viewer

    def remove(self, viewer: Viewer) -> None:
        """A session has ended."""
        if self._viewers.pop(viewer.session, None) is None:
            return
        _less(self._here, viewer.near)
        for ufrag in viewer.ice.ufrags:
            self._by_ufrag.pop(ufrag, None)
        self.connected(viewer)
        for address in self._routes.pop(viewer, ()):
            if self._by_address.get(address) is viewer:
                del self._by_address[address]

    def session(self, name: str) -> Viewer | None:
        """By the name that the hub uses."""
        return self._viewers.get(name)

    def ufrag(self, name: str) -> Viewer | None:
        """By the name that a check carries."""
        return self._by_ufrag.get(name)

    def address(self, address: Address) -> Viewer | None:
        """By where a datagram came from."""
        return self._by_address.get(address)

    def may_begin(self, viewer: Viewer, address: Address) -> bool:
        """Whether this viewer may begin a handshake from there, its neighbours considered."""
        if self._opening.get(viewer, "known"):
            return True
        return self._near[neighbourhood(address[0])] < NEIGHBOURS

    def route(self, viewer: Viewer, address: Address) -> None:
        """A good check came from there."""
        if self._opening.get(viewer) == "":
            self._opening[viewer] = neighbourhood(address[0])
            self._near[self._opening[viewer]] += 1
        routes = self._routes[viewer]
        if address not in routes or self._by_address.get(address) is not viewer:
            for known in [known for known in routes if known not in viewer.addresses]:
                routes.discard(known)
                if self._by_address.get(known) is viewer:
                    del self._by_address[known]
            routes.add(address)
            self._by_address[address] = viewer

    def connected(self, viewer: Viewer) -> None:
        """The handshake is done, or will never be."""
        if viewer not in self._opening:
            return
        _less(self._asked, viewer.near)
        if near := self._opening.pop(viewer):
            _less(self._near, near)


def _less(counts: Counter[str], name: str) -> None:
    """One fewer; names of which there are none are not kept."""
    counts[name] -= 1
    if not counts[name]:
        del counts[name]
