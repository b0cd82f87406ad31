"""Those in step are served by the loop, with the bytes that each would have taken alone; others are not."""

import errno
from collections.abc import Sequence

import pytest

from media.access_unit import AccessUnit, Track
from media.relay import native
from media.relay.audience import Audiences
from media.relay.burst import Burst, Picture
from media.relay.delivery import Delivery
from media.relay.fit import Fit
from media.relay.lane import Lane
from media.relay.srtp import PROFILES, Keys, Profile, Srtp
from media.relay.stage import Stage
from media.relay.stream import Format, RtpStream, Source
from media.relay.workbench import Workbench
from tests.media.relay.network import Network


class House:
    """A stage, and viewers of one programme who all have the same keys."""

    def __init__(self, *payload_types: int, profile: Profile = PROFILES[0]) -> None:
        self.network = Network()
        self.stage = Stage(Workbench(), self.network.sender, self.wait)
        self.video, self.audio = RtpStream(Source(90_000), 500), RtpStream(Source(48_000), 100)
        self.received: list[list[bytes]] = [[] for _ in payload_types]
        self.errors: dict[int, OSError] = {}
        """What the socket says for a viewer."""
        self.viewers = [
            self.viewer(number, payload_type, profile) for number, payload_type in enumerate(payload_types)
        ]
        self._number = 0

    async def wait(self) -> bool:
        return False

    def burst(self, pictures: int = 3, *, key: bool = False) -> Burst:
        self._number += 1
        unit = AccessUnit(Track.VIDEO_720, 1, 0, 0, self._number * 3600, 3600, key, b"")
        picture = self.video.packetise(unit, [bytes([self._number]) * 900] * pictures)
        return Burst(self.stage.workbench, Picture(key, picture), self.audio.packetise(unit, [b"opus"]))

    def serve(self, burst: Burst) -> list[Delivery]:
        """Who was handed back, and took it alone."""
        alone = []
        for delivery in self.stage.serve(burst, self.viewers):
            alone.append(delivery)
            if not delivery.take(burst):
                delivery.miss(burst)
        return alone

    def viewer(self, number: int, payload_type: int, profile: Profile) -> Delivery:
        def receive(packets: list[bytes]) -> None:
            if number in self.errors:
                raise self.errors[number]
            self.received[number] += packets

        key = bytes(profile.key_size + profile.salt_size)
        lanes = {"video": Lane(self.video, Format(payload_type)), "audio": Lane(self.audio, Format(111))}
        srtp = Srtp(Keys(profile, theirs=key, ours=key))
        return Delivery(lanes, srtp, self.network.outlet(receive), Fit(0.0))


def sent_alone(house: House, bursts: Sequence[Burst], profile: Profile) -> list[bytes]:
    """What a viewer of the same keys gets by ``take``."""
    house.received.append([])
    viewer = house.viewer(len(house.received) - 1, 96, profile)
    assert all(viewer.take(burst) for burst in bursts)
    return house.received[-1]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name.decode())
def test_those_in_step_get_what_they_would_have_taken_alone(profile: Profile) -> None:
    house = House(96, 96, 97, profile=profile)
    bursts = [house.burst(key=number == 0) for number in range(4)]
    assert [len(house.serve(burst)) for burst in bursts] == [3, 0, 0, 0]
    assert house.received[0] == house.received[1] == sent_alone(house, bursts, profile)
    assert {packet[1] & 0x7F for packet in house.received[2]} == {97, 111}
    assert [packet[2:12] for packet in house.received[2]] == [packet[2:12] for packet in house.received[0]]


def test_they_can_ask_again_for_what_they_got() -> None:
    house = House(96)
    house.serve(house.burst(key=True))
    house.serve(burst := house.burst())
    lost = burst.packets[1]
    original = next(packet for packet in house.received[0] if packet[2:4] == lost.sequence.to_bytes(2, "big"))
    house.received[0].clear()
    house.viewers[0].resend([(lost.ssrc, lost.sequence)], 1.0)
    assert house.received[0] == [original]


def test_who_is_out_of_step_is_handed_back_in_their_turn() -> None:
    house = House(96, 96, 96)
    house.serve(burst := house.burst(key=True))
    assert burst.picture is not None
    house.viewers[1].picture_lost([burst.picture], 1.0)
    for _ in range(2):  # behind until what waits is sent
        assert house.serve(house.burst()) == [house.viewers[1]]
    house.viewers[1].pump(100)
    assert house.serve(house.burst()) == [house.viewers[1]]
    assert house.serve(house.burst()) == []


def test_a_full_socket_hands_a_viewer_back() -> None:
    house = House(96, 96)
    house.serve(house.burst(key=True))
    house.errors[0] = BlockingIOError()
    assert house.serve(house.burst()) == [house.viewers[0]]
    del house.errors[0]
    assert house.serve(house.burst()) == [house.viewers[0]]  # misses pictures up to the next key
    assert house.serve(house.burst(key=True)) == [house.viewers[0]]
    assert house.serve(house.burst()) == []


async def test_who_left_is_not_served_any_more() -> None:
    house = House(96, 96)
    audiences = Audiences(house.stage)
    for viewer in house.viewers:
        audiences.add(viewer)
    house.serve(house.burst(key=True))
    audiences.remove(house.viewers[0])
    assert house.serve(house.burst()) == [house.viewers[0]]


def test_a_kernel_that_does_not_cut_is_found_out_once() -> None:
    house = House(96)
    house.serve(house.burst(key=True))
    house.received[0].clear()
    house.errors[0] = OSError(errno.EINVAL, "Invalid argument")
    house.serve(house.burst())
    assert not house.network.sender.segmentation
    del house.errors[0]
    for _ in range(2):
        assert house.serve(house.burst()) == house.viewers


def test_without_the_native_way_nobody_is_served_by_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "protect", None)
    house = House(96)
    for number in range(3):
        assert house.serve(house.burst(key=number == 0)) == house.viewers
    assert len(house.received[0]) == 12


def test_a_burst_too_large_for_the_workbench_is_taken_alone() -> None:
    house = House(96)
    house.serve(house.burst(key=True))
    assert house.serve(house.burst(300)) == house.viewers
    assert len(house.received[0]) == 3 + 1 + 300 + 1
