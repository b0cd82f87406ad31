"""IPv6 and IPv4 on one port of a relay that listens on ``::``, and what it says where it can be reached."""

import socket
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest
from aiortc.sdp import SessionDescription

from media.relay.port import reachable_addresses
from tests.media.relay.feed import RED, Encoder, Feed
from tests.media.relay.guests import FakeClock, Peer, Watcher, connect, serving
from tests.media.relay.process import RelayProcess


def _has_ipv6() -> bool:
    try:
        with closing(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


ipv6 = pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")


@pytest.fixture
async def feed(tmp_path: Path) -> AsyncIterator[Feed]:
    opened = await Feed.open(RelayProcess(tmp_path).bus("m1"), Encoder(RED, session=1))
    yield opened
    await opened.close()


@ipv6
@pytest.mark.usefixtures("feed")
@pytest.mark.parametrize("host", ["::1", "127.0.0.1"])
async def test_both_families_watch_on_one_port(tmp_path: Path, host: str) -> None:
    async with serving(tmp_path, FakeClock(), address="::", announce=["127.0.0.1", "::1"]) as relay:
        guest = Peer(relay.port, host)
        answer = await connect(relay, guest)
        await Watcher(guest).sees(RED, pictures=10)
        said = [one.ip for one in SessionDescription.parse(answer.sdp).media[0].ice_candidates]
        assert said == ["127.0.0.1", "::1"]
        (viewer,) = relay._roster
        assert [address[0] for address in viewer.addresses] == [host if ":" in host else f"::ffff:{host}"]
        guest.socket.close()


@ipv6
@pytest.mark.usefixtures("feed")
async def test_ipv6_alone(tmp_path: Path) -> None:
    async with serving(tmp_path, FakeClock(), address="::1") as relay:
        guest = Peer(relay.port, "::1")
        answer = await connect(relay, guest)
        assert "c=IN IP6 ::1\r\n" in answer.sdp
        await Watcher(guest).sees(RED, pictures=10)
        guest.socket.close()


class Routes(socket.socket):
    """A machine whose routing table is the test's."""

    ways: ClassVar[dict[int, str]] = {}

    def connect(self, address: object) -> None:
        if self.family not in self.ways:
            raise OSError("No route to host")

    def getsockname(self) -> tuple[str, int]:
        return self.ways[self.family], 9


@pytest.mark.parametrize(
    ("bound", "ways", "said"),
    [
        ("192.0.2.7", {}, ["192.0.2.7"]),
        ("0.0.0.0", {socket.AF_INET: "192.0.2.7", socket.AF_INET6: "2001:db8::7"}, ["192.0.2.7"]),
        ("::", {socket.AF_INET: "192.0.2.7", socket.AF_INET6: "2001:db8::7"}, ["192.0.2.7", "2001:db8::7"]),
        ("::", {socket.AF_INET6: "2001:db8::7"}, ["2001:db8::7"]),
        ("::", {}, ["127.0.0.1"]),
    ],
)
def test_candidates_say_every_family_that_leads_out(
    monkeypatch: pytest.MonkeyPatch, bound: str, ways: dict[int, str], said: list[str]
) -> None:
    monkeypatch.setattr(Routes, "ways", ways)
    monkeypatch.setattr(socket, "socket", Routes)
    assert reachable_addresses(bound, []) == said
    assert reachable_addresses(bound, ["198.51.100.1"]) == ["198.51.100.1"]
