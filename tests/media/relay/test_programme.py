"""A programme from the bus to its viewers' sockets, read as each viewer would."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pylibsrtp
import pytest
from aiortc.rtp import RtpPacket

from media.access_unit import AccessUnit, Track
from media.bus import BusAddress, Publisher, open_publisher
from media.relay.audience import SLICE
from media.relay.delivery import Delivery
from media.relay.fit import Fit, Level
from media.relay.lane import Lane
from media.relay.programme import Programme
from media.relay.srtp import PROFILES, Keys, Srtp
from media.relay.stage import Stage
from media.relay.stream import Format
from media.relay.workbench import Workbench
from tests.media.relay.network import Network
from tests.support.waiting import until

KEY = bytes(28)
VIDEO, AUDIO = 102, 111
RATE = 5
"""Pictures between key pictures, to make tests short."""


class Viewer:
    """Keeps what was sent, call by call."""

    def __init__(self, programme: Programme, network: Network, level: Level = Level.FULL) -> None:
        self.calls: list[list[RtpPacket]] = []
        self.refusals = 0
        """So many bursts find no room."""
        self._session = pylibsrtp.Session(
            pylibsrtp.Policy(KEY, pylibsrtp.Policy.SSRC_ANY_INBOUND, 0, PROFILES[0].identity)
        )
        streams = programme.streams_with("floor", level)
        lanes = {
            kind: Lane(streams[kind], Format(number)) for kind, number in (("video", VIDEO), ("audio", AUDIO))
        }
        srtp = Srtp(Keys(PROFILES[0], theirs=KEY, ours=KEY))
        self.delivery = Delivery(lanes, srtp, network.outlet(self._receive), Fit(0.0, level))
        programme.join(self.delivery)

    def _receive(self, packets: list[bytes]) -> None:
        media = [packet for packet in packets if not 192 <= packet[1] <= 223]
        if not media:
            return
        if self.refusals:
            self.refusals -= 1
            raise BlockingIOError
        self.calls.append([RtpPacket.parse(self._session.unprotect(packet)) for packet in media])

    def packets(self, payload_type: int) -> list[RtpPacket]:
        return [packet for call in self.calls for packet in call if packet.payload_type == payload_type]

    def sizes(self) -> str:
        """The renditions of the pictures that came, one letter each."""
        return "".join(
            chr(packet.payload[1]) for packet in self.packets(VIDEO) if packet.payload[0] & 0x1F in (1, 5)
        )

    def whole(self) -> bool:
        """Whether both sources' numbers went up by one, and no two pictures had one time."""
        for payload_type in (VIDEO, AUDIO):
            numbers = [packet.sequence_number for packet in self.packets(payload_type)]
            if any((after - before) % 65536 != 1 for before, after in pairwise(numbers)):
                return False
        times = [packet.timestamp for packet in self.packets(VIDEO)]
        return all(0 < (after - before) % 2**32 < 2**31 for before, after in pairwise(times))


class Studio:
    """Publishes tick by tick, as a studio does."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._number = 0

    def tick(self, *letters: str, sounds: int = 2) -> None:
        """One picture of each of these renditions: ``s`` and ``f``."""
        for number in range(self._number * 2, self._number * 2 + sounds):
            self._publisher.publish(self._unit(Track.OPUS, number, 960, b"\xfcxx"))
        for letter in letters:
            track = Track.VIDEO_360 if letter == "s" else Track.VIDEO_720
            kind = b"\x65" if self._number % RATE == 0 else b"\x41"
            self._publisher.publish(
                self._unit(track, self._number, 3600, b"\x00\x00\x01" + kind + letter.encode() * 40)
            )
        self._number += 1

    def ticks(self, count: int, *letters: str) -> None:
        for _ in range(count):
            self.tick(*letters)

    def say(self, text: str) -> None:
        """A line of captions."""
        self._publisher.publish(self._unit(Track.CAPTIONS, 0, 48_000, text.encode()))

    def _unit(self, track: Track, number: int, duration: int, data: bytes) -> AccessUnit:
        key = not track.is_video or data[3] == 0x65
        return AccessUnit(track, 1, number, 0, number * duration, duration, key, data)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    publisher = await open_publisher(BusAddress(f"unix:{tmp_path}/m1.bus"))
    yield Studio(publisher)
    await publisher.close()


class Room:
    """What the socket says when it is asked to wait."""

    def __init__(self) -> None:
        self.comes = True
        self.asked = 0

    async def __call__(self) -> bool:
        self.asked += 1
        return self.comes


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
async def programme(tmp_path: Path, studio: Studio, network: Network, room: Room) -> AsyncIterator[Programme]:
    stage = Stage(Workbench(), network.sender, room)
    followed = Programme("m1", BusAddress(f"unix:{tmp_path}/m1.bus"), stage, 0.0)
    studio.tick("s", "f")
    assert await followed.ready(["video"], 10.0)
    yield followed
    await followed.close()


async def pictures(viewer: Viewer, count: int) -> None:
    viewer.delivery.pump(1000)
    await until(lambda: len(viewer.packets(VIDEO)) >= count, f"{count} pictures")


async def test_a_picture_and_its_sound_are_one_call(
    programme: Programme, studio: Studio, network: Network
) -> None:
    viewer = Viewer(programme, network)
    viewer.delivery.pump(1000)
    viewer.calls.clear()
    studio.ticks(4, "s", "f")
    await pictures(viewer, 4)
    kinds = [[packet.payload_type for packet in call] for call in viewer.calls]
    assert kinds == [[VIDEO, AUDIO]] * 4
    assert viewer.sizes() == "ffff"
    assert viewer.whole()


async def test_captions_are_nothing_to_it(programme: Programme, studio: Studio, network: Network) -> None:
    viewer = Viewer(programme, network)
    viewer.delivery.pump(1000)
    viewer.calls.clear()
    for _ in range(4):
        studio.say("Good evening.")
        studio.tick("s", "f")
    await pictures(viewer, 4)
    kinds = [[packet.payload_type for packet in call] for call in viewer.calls]
    assert kinds == [[VIDEO, AUDIO]] * 4
    assert viewer.whole()


async def test_renditions_change_at_a_key_picture_without_a_gap(
    programme: Programme, studio: Studio, network: Network
) -> None:
    viewer, other = Viewer(programme, network), Viewer(programme, network)
    studio.ticks(2, "s", "f")
    await pictures(viewer, 3)
    viewer.delivery.fit.choose(Level.SMALL, 0.0)
    studio.ticks(6, "s", "f")
    await pictures(viewer, 9)
    viewer.delivery.fit.choose(Level.FULL, 0.0)
    studio.ticks(6, "s", "f")
    await pictures(viewer, 15)
    await pictures(other, 15)
    assert viewer.sizes() == "fffff" + "sssss" + "fffff"
    assert viewer.whole()
    assert other.sizes() == "f" * 15
    assert other.whole()


async def test_sound_alone_goes_on_without_pictures_and_with_them_again(
    programme: Programme, studio: Studio, network: Network
) -> None:
    viewer = Viewer(programme, network)
    viewer.delivery.pump(1000)
    viewer.delivery.fit.choose(Level.SOUND, 0.0)
    studio.ticks(9, "s", "f")
    await until(lambda: len(viewer.packets(AUDIO)) >= 9, "the sound")
    assert viewer.sizes() == "fffff"
    viewer.delivery.fit.choose(Level.SMALL, 0.0)
    studio.ticks(2, "s", "f")
    await pictures(viewer, 7)
    assert viewer.sizes() == "fffffss"
    assert viewer.whole()


async def test_a_rendition_that_is_not_there_is_not_moved_to(
    programme: Programme, studio: Studio, network: Network
) -> None:
    viewer = Viewer(programme, network)
    viewer.delivery.fit.choose(Level.SMALL, 0.0)
    studio.ticks(9, "f")
    await pictures(viewer, 10)
    assert viewer.sizes() == "f" * 10
    viewer.delivery.fit.choose(Level.SOUND, 0.0)
    studio.ticks(6, "f")
    await until(lambda: len(viewer.packets(AUDIO)) >= 15, "the sound")
    assert viewer.sizes() == "f" * 10


async def test_without_pictures_sound_goes_three_frames_at_a_time(
    programme: Programme, studio: Studio, network: Network
) -> None:
    viewer = Viewer(programme, network)
    studio.ticks(9)
    await until(lambda: len(viewer.packets(AUDIO)) >= 6, "the sound")
    stamps = [packet.timestamp for packet in viewer.packets(AUDIO)]
    assert {(after - before) % 2**32 for before, after in pairwise(stamps)} == {3 * 960}


async def test_more_viewers_than_a_slice_all_get_everything(
    programme: Programme, studio: Studio, network: Network
) -> None:
    viewers = [Viewer(programme, network) for _ in range(2 * SLICE + 3)]
    for viewer in viewers:
        viewer.delivery.pump(1000)
    studio.ticks(3, "s", "f")
    for viewer in viewers:
        await pictures(viewer, 4)
        assert viewer.whole()


async def test_a_full_socket_is_waited_for(
    programme: Programme, studio: Studio, network: Network, room: Room
) -> None:
    viewers = [Viewer(programme, network) for _ in range(3)]
    for viewer in viewers:
        viewer.delivery.pump(1000)
        viewer.refusals = 1
    studio.ticks(3, "s", "f")
    for viewer in viewers:
        await pictures(viewer, 4)
        assert viewer.whole()
    assert room.asked == 3


async def test_one_that_stays_full_is_waited_for_once_a_burst_and_costs_pictures_up_to_the_next_key(
    programme: Programme, studio: Studio, network: Network, room: Room
) -> None:
    viewers = [Viewer(programme, network) for _ in range(3)]
    room.comes = False
    for viewer in viewers:
        viewer.delivery.pump(1000)
        viewer.refusals = 1
    studio.ticks(6, "s", "f")
    for viewer in viewers:
        await pictures(viewer, 3)
        assert [packet.payload[0] & 0x1F for packet in viewer.packets(VIDEO)] == [5, 5, 1]
    assert room.asked == 1
