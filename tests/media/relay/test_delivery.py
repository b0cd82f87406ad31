"""What one viewer gets, judged by decrypting it as the viewer would."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pylibsrtp
import pytest
from aiortc.rtp import RtpPacket

from media.access_unit import AccessUnit, Track
from media.relay import resend
from media.relay.burst import Burst, Picture
from media.relay.delivery import Delivery
from media.relay.fit import Fit, Level
from media.relay.lane import HASTE, NEAR_WRAP, Lane
from media.relay.rendition import Rendition
from media.relay.rtcp import Received
from media.relay.srtp import PROFILES, RESEND_WINDOW, Keys, Profile, Srtp
from media.relay.stage import Stage
from media.relay.stream import Format, Packet, RtpStream, Source
from media.relay.workbench import PACKETS, Workbench
from tests.media.relay.network import Network

KEY = bytes(range(30))


class Wire:
    """Both ends of one session: what was sent, and what a viewer makes of it."""

    def __init__(self, kinds: Sequence[str] = ("video", "audio"), profile: Profile = PROFILES[0]) -> None:
        self.streams = {"video": RtpStream(Source(90_000), 1024), "audio": RtpStream(Source(48_000), 128)}
        self.sent: list[bytes] = []
        self.room = True
        formats = {"video": Format(102), "audio": Format(111)}
        srtp = Srtp(Keys(profile, theirs=KEY, ours=KEY))
        lanes = {kind: Lane(self.streams[kind], formats[kind]) for kind in kinds}
        network = Network()
        self.delivery = Delivery(lanes, srtp, network.outlet(self._receive), Fit(0.0))
        self._stage = Stage(Workbench(), network.sender, self._wait)
        policy = pylibsrtp.Policy(KEY, pylibsrtp.Policy.SSRC_ANY_INBOUND, 0, profile.identity)
        self._viewer = pylibsrtp.Session(policy)
        self._number = 0

    def picture(self, packets: int = 3, *, key: bool = False) -> Picture:
        payloads = [f"{self._number + 1}/{part}".encode() for part in range(packets)]
        made = self.streams["video"].packetise(self.unit(Track.VIDEO_720, key=key), payloads)
        return Picture(key, made)

    def live(self, picture: Picture | None = None, sound: Sequence[Packet] = ()) -> None:
        burst = Burst(self._stage.workbench, picture, sound)
        for delivery in self._stage.serve(burst, [self.delivery]):
            if not delivery.take(burst):
                delivery.miss(burst)

    def sound(self) -> None:
        self.live(sound=self.streams["audio"].packetise(self.unit(Track.OPUS, key=True), [b"opus"]))

    def payloads(self) -> list[str]:
        """What arrived since the last time."""
        received = [RtpPacket.parse(self._viewer.unprotect(packet)).payload.decode() for packet in self.sent]
        self.sent.clear()
        return received

    def wrap_soon(self, before: int) -> None:
        """Let the numbers of the next picture begin so many before the wrap."""
        while self.streams["video"].packetise(self.unit(Track.VIDEO_720), [b"x"])[0].index < 65_535 - before:
            pass

    def unit(self, track: Track, *, key: bool = False) -> AccessUnit:
        self._number += 1
        return AccessUnit(track, 1, self._number, 0, self._number * 3600, 3600, key, b"")

    def _receive(self, packets: list[bytes]) -> None:
        if not self.room:
            raise BlockingIOError
        self.sent += packets

    async def _wait(self) -> bool:
        return self.room


def test_begins_with_a_key_picture() -> None:
    wire = Wire()
    wire.live(wire.picture())
    assert wire.payloads() == []
    wire.live(wire.picture(key=True))
    wire.live(wire.picture())
    assert wire.payloads() == ["2/0", "2/1", "2/2", "3/0", "3/1", "3/2"]


def test_the_kept_group_is_paced_and_live_pictures_follow_it_while_sound_does_not_wait() -> None:
    wire = Wire()
    wire.delivery.enter([wire.picture(2, key=True), wire.picture(2)])
    wire.live(wire.picture(2))
    wire.sound()
    assert wire.payloads() == ["opus"]
    wire.delivery.pump(3)
    assert wire.payloads() == ["1/0", "1/1", "2/0"]
    wire.delivery.pump(100)
    assert wire.payloads() == ["2/1", "3/0", "3/1"]
    assert not wire.delivery.behind
    wire.live(wire.picture(1))
    assert wire.payloads() == ["5/0"]


def test_what_lies_before_the_entry_leads_up_to_it_in_a_moment() -> None:
    """A player shows what is live at once, instead of a second's old pictures at their own pace."""
    wire = Wire()
    group = [wire.picture(1, key=number == 0) for number in range(25)]
    wire.delivery.enter(group)
    wire.delivery.pump(100)
    wire.live(wire.picture(1))
    stamps = [RtpPacket.parse(packet).timestamp for packet in wire.sent]
    live = group[-1].packets[0].timestamp
    steps = [(after - before) % 2**32 for before, after in pairwise(stamps)]
    assert stamps[-2:] == [live, (live + 3600) % 2**32]
    assert all(0 < step <= 3600 / HASTE + 1 for step in steps[:-1])


def test_a_full_socket_costs_pictures_up_to_the_next_key_and_no_sound() -> None:
    wire = Wire()
    wire.live(wire.picture(key=True))
    wire.payloads()
    wire.room = False
    wire.live(wire.picture())
    wire.room = True
    wire.live(wire.picture())
    wire.sound()
    assert wire.payloads() == ["opus"]
    wire.live(wire.picture(1, key=True))
    assert wire.payloads() == ["5/0"]


def test_a_listener_gets_no_pictures() -> None:
    wire = Wire(kinds=("audio",))
    wire.delivery.enter([wire.picture(key=True)])
    wire.live(wire.picture(key=True))
    wire.sound()
    assert not wire.delivery.behind
    assert wire.payloads() == ["opus"]
    assert wire.delivery.streams == (wire.streams["audio"],)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name.decode())
def test_a_lost_packet_is_sent_again_byte_for_byte(profile: Profile) -> None:
    wire = Wire(profile=profile)
    picture = wire.picture(key=True)
    wire.live(picture)
    original = wire.sent.pop(1)
    assert wire.payloads() == ["1/0", "1/2"]
    lost = (picture.packets[1].ssrc, picture.packets[1].sequence)
    wire.delivery.resend([lost], now=1.0)
    assert wire.sent == [original]
    assert wire.payloads() == ["1/1"]
    wire.delivery.resend([lost], now=1.01)
    assert wire.sent == []
    wire.delivery.resend([lost], now=1.2)
    assert wire.sent == [original]


def test_only_what_this_viewer_was_sent_is_sent_again() -> None:
    wire = Wire()
    before = wire.picture(key=True)
    wire.live(wire.picture(key=True))
    after = wire.picture()
    wire.payloads()
    asked = [(packet.ssrc, packet.sequence) for packet in (*before.packets, *after.packets)]
    wire.delivery.resend([*asked, (12345, 1)], now=1.0)
    assert wire.sent == []


def test_reports_of_a_growing_distance_ask_for_less() -> None:
    wire = Wire()
    pictures = [wire.picture(1, key=number == 0) for number in range(200)]
    for picture in pictures:
        wire.live(picture)
    ssrc = pictures[0].packets[0].ssrc
    for now, number in ((10.0, 195), (11.0, 195), (12.0, 170)):
        wire.delivery.told([Received(ssrc + 1, 1000, 0)], now)  # another source, which is not ours
        wire.delivery.told([Received(ssrc, 0, pictures[number].packets[0].sequence)], now)
    assert wire.delivery.fit.level is Level.SMALL
    assert wire.delivery.level is Level.FULL  # until the next key picture
    wire.sent.clear()
    wire.live(wire.picture())
    assert wire.sent == []  # meanwhile the line has time to drain
    wire.delivery.resend([(ssrc, pictures[198].packets[0].sequence)], 12.1)
    assert wire.sent == []


def test_a_strained_line_without_a_smaller_picture_to_go_to_is_paused_once() -> None:
    wire = Wire()

    def second(now: int, *, lost: int) -> list[str]:
        """A key picture and 24 more, then a report."""
        pictures = [wire.picture(1, key=number == 0) for number in range(25)]
        for picture in pictures:
            wire.live(picture)
        last = pictures[-1].packets[0]
        wire.delivery.told([Received(last.ssrc, lost, last.sequence)], float(now))
        return wire.payloads()

    assert len(second(1, lost=0)) == len(second(2, lost=10)) == 25
    assert wire.delivery.fit.level is Level.SMALL
    wire.live(wire.picture(1))
    assert wire.payloads() == []
    for now in range(3, 12):
        assert len(second(now, lost=10 + 4 * now)) == 25
        wire.live(wire.picture(1))
        assert len(wire.payloads()) == 1
    assert wire.delivery.fit.strained


def test_repetitions_have_a_budget() -> None:
    wire = Wire()
    picture = wire.picture(500, key=True)
    wire.live(picture)
    wire.payloads()
    wire.delivery.resend([(packet.ssrc, packet.sequence) for packet in picture.packets], now=1.0)
    assert len(wire.sent) == resend.BURST


def test_a_lost_picture_brings_the_group_again_at_most_once_a_second() -> None:
    wire = Wire()
    group = [wire.picture(1, key=True), wire.picture(1)]
    for picture in group:
        wire.live(picture)
    originals = list(wire.sent)
    wire.sent.clear()
    for now in (5.0, 5.5, 5.9):
        wire.delivery.picture_lost(group, now)
        wire.delivery.pump(100)
    assert wire.sent == originals
    wire.delivery.picture_lost(group, 6.1)
    wire.delivery.pump(100)
    assert wire.sent == originals * 2


def test_a_second_of_a_rich_programme_is_kept_and_can_be_had_again() -> None:
    wire, rendition = Wire(), Rendition(Source(90_000))
    group = [wire.picture(22, key=number == 0) for number in range(25)]
    for picture in group:
        wire.live(picture)
        unit = wire.unit(Track.VIDEO_720, key=picture.key)
        rendition.add(replace(unit, data=b"\x00\x00\x01\x65" + b"x" * 25_000))
    originals = list(wire.sent)
    wire.sent.clear()
    wire.delivery.picture_lost(group, 5.0)
    wire.delivery.pump(1000)
    assert wire.sent == originals
    assert len(rendition.group) == 25
    assert all(len(picture.packets) == 22 for picture in rendition.group)


def test_a_strained_line_waits_for_the_next_key_picture() -> None:
    wire = Wire()
    group = [wire.picture(10, key=True)]
    wire.live(group[0])
    wire.sent.clear()
    first, last = group[0].packets[0], group[0].packets[-1]
    wire.delivery.told([Received(first.ssrc, 0, first.sequence)], 1.5)
    wire.delivery.told([Received(first.ssrc, 5, last.sequence)], 2.5)
    wire.delivery.picture_lost(group, 2.6)
    assert not wire.delivery.behind


def test_nobody_begins_just_before_the_numbers_wrap() -> None:
    wire = Wire()
    wire.wrap_soon(before=10)
    picture = wire.picture(3, key=True)
    assert picture.packets[0].sequence > NEAR_WRAP
    wire.delivery.enter([picture])
    assert not wire.delivery.behind
    while (picture := wire.picture(20, key=True)).packets[0].index < 65_536:
        wire.live(picture)
    wire.live(picture)
    assert len(wire.payloads()) == 20


def test_a_viewer_goes_on_through_the_wrap() -> None:
    wire = Wire()
    wire.wrap_soon(before=300)
    for number in range(200):
        wire.live(wire.picture(3, key=number == 0))
    assert len(wire.payloads()) == 600


def test_a_key_picture_as_large_as_the_workbench_is_decrypted_whole() -> None:
    """It is encrypted backwards: its last packet must not push the first out of libsrtp's window."""
    assert PACKETS < RESEND_WINDOW
    wire = Wire()
    for number in (1, 2):
        wire.live(wire.picture(PACKETS, key=True))
        assert wire.payloads() == [f"{number}/{part}" for part in range(PACKETS)]


@pytest.mark.parametrize("missed", [39_998, 65_534], ids=["half a wrap", "a wrap"])
def test_whoever_only_listened_for_minutes_sees_again(missed: int) -> None:
    """Numbers that went on without them could not be told from those before, or would be used twice."""
    wire = Wire()
    wire.wrap_soon(before=15_000)
    wire.live(wire.picture(2, key=True))
    numbers = [packet[2:4] for packet in wire.sent]
    wire.payloads()
    wire.delivery.follow(Level.SOUND, None)
    for _ in range(missed // 14):
        wire.picture(14)  # for others
    wire.delivery.follow(Level.FULL, wire.streams["video"])
    for key in (True, False):
        wire.live(wire.picture(2, key=key))
        numbers += [packet[2:4] for packet in wire.sent]
        assert len(wire.payloads()) == 2
    assert len(set(numbers)) == 6


def test_an_endless_backlog_is_given_up() -> None:
    wire = Wire()
    wire.delivery.enter([wire.picture(1500, key=True)])
    wire.live(wire.picture(600))
    assert not wire.delivery.behind
    wire.live(wire.picture(1))
    assert wire.sent == []
    wire.live(wire.picture(1, key=True))
    assert wire.payloads() == ["4/0"]


@pytest.mark.parametrize("kinds", [("video",), ("video", "audio")])
def test_reports_are_encrypted_for_the_viewer(kinds: tuple[str, ...]) -> None:
    wire = Wire(kinds=kinds)
    wire.delivery.report(b"\x80\xc9\x00\x01\x00\x00\x00\x07")
    assert len(wire.sent) == 1
    assert b"\x00\x00\x00\x07" in wire.sent[0][:8]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name.decode())
@pytest.mark.parametrize("seed", range(5))
def test_one_number_never_stands_for_two_byte_strings(profile: Profile, seed: int) -> None:
    """Whichever way a packet goes out, the first time or again: two would give the key stream away."""
    wire, chance = Wire(profile=profile), random.Random(seed)
    seen: dict[bytes, bytes] = {}
    group = [wire.picture(2, key=True), *(wire.picture(2) for _ in range(5))]
    wire.delivery.enter(group)
    for now in range(1, 150):
        key = now % 12 == 0
        picture = wire.picture(chance.choice([1, 3, 20]), key=key)
        group = [picture] if key else [*group, picture]
        sound = wire.streams["audio"].packetise(wire.unit(Track.OPUS, key=True), [b"opus"])
        wire.room = chance.random() > 0.1
        wire.live(picture, sound)
        lost = [(packet.ssrc, packet.sequence) for kept in group for packet in kept.packets]
        if chance.random() < 0.3:
            wire.delivery.resend(chance.sample(lost, min(5, len(lost))), float(now))
        if chance.random() < 0.2:
            wire.delivery.picture_lost(group, float(now))
        wire.delivery.pump(chance.randrange(30))
        for data in wire.sent:
            if not 192 <= data[1] <= 223:
                assert seen.setdefault(data[2:4] + data[8:12], data) == data
        wire.sent.clear()
    assert len(seen) > 500
