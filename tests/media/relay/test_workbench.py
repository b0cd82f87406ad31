"""What is encrypted in place is what libsrtp makes of each packet alone, and lies as the kernel wants it."""

import pylibsrtp
import pytest

from media.relay import native
from media.relay.segments import SEGMENTS
from media.relay.srtp import PROFILES, Keys, Profile, Srtp, SrtpError
from media.relay.stream import Format, Packet
from media.relay.workbench import BYTES, PACKETS, Workbench

both = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name.decode())


def keys(profile: Profile) -> Keys:
    key = bytes(range(profile.key_size + profile.salt_size))
    return Keys(profile, theirs=key, ours=key)


def packets(*sizes: int, first: int = 100) -> list[bytes]:
    return [
        Packet(7, first + number, 3600, False, bytes([number % 256]) * size).render(Format(96))
        for number, size in enumerate(sizes)
    ]


@both
@pytest.mark.parametrize("in_place", [True, False])
def test_it_is_what_libsrtp_makes_of_each_packet(
    profile: Profile, in_place: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_place:
        monkeypatch.setattr(native, "protect", None)
    plain = packets(1100, 1100, 1100, 300)
    expected = [Srtp(keys(profile)).protect(packet) for packet in plain]
    layout = Workbench().lay(plain, profile.tag_size)
    assert layout is not None
    assert bool(layout.places) == in_place
    for _ in range(2):  # a repetition is the same again
        srtp = Srtp(keys(profile))
        srtp.protect_layout(layout)
        assert [bytes(packet) for packet in layout.packets] == expected
    assert [b"".join(run.buffers) for run in layout.runs] == [b"".join(expected)]


@both
def test_a_viewer_decrypts_what_several_viewers_were_given_in_turn(profile: Profile) -> None:
    layout = Workbench().lay(packets(900, 900, 20), profile.tag_size)
    assert layout is not None
    for number in range(3):
        key = bytes([number]) * (profile.key_size + profile.salt_size)
        Srtp(Keys(profile, theirs=key, ours=key)).protect_layout(layout)
        policy = pylibsrtp.Policy(key, pylibsrtp.Policy.SSRC_ANY_INBOUND, 0, profile.identity)
        viewer = pylibsrtp.Session(policy)
        assert [viewer.unprotect(bytes(packet)) for packet in layout.packets] == packets(900, 900, 20)


def test_layouts_share_the_bench_one_after_the_other() -> None:
    bench = Workbench()
    first, second = bench.lay(packets(50, 50), 16), bench.lay(packets(70, first=300), 16)
    assert first is not None
    assert second is not None
    srtp = Srtp(keys(PROFILES[0]))
    srtp.protect_layout(first)
    sent = [bytes(packet) for packet in first.packets]
    srtp.protect_layout(second)
    srtp.protect_layout(first)
    assert [bytes(packet) for packet in first.packets] == sent


def test_a_refused_packet_is_told() -> None:
    bench, srtp = Workbench(), Srtp(keys(PROFILES[0]))
    for first in (30_000, 100):
        layout = bench.lay(packets(10, first=first), 16)
        assert layout is not None
        if first == 30_000:
            srtp.protect_layout(layout)
        else:
            with pytest.raises(SrtpError):  # far behind the window of what may be sent again
                srtp.protect_layout(layout)


def test_a_shorter_packet_ends_a_run_and_a_longer_one_begins_the_next() -> None:
    layout = Workbench().lay(packets(300, 1000, 1000, 1000, 200, 900), 16)
    assert layout is not None
    assert [len(run.packets) for run in layout.runs] == [1, 4, 1]
    assert [bool(run.options) for run in layout.runs] == [False, True, False]
    assert all(len(run.packets) <= SEGMENTS for run in layout.runs)


def test_what_does_not_fit_is_not_laid_out() -> None:
    bench = Workbench()
    assert bench.lay(packets(*[10] * (PACKETS + 1)), 16) is None
    assert bench.lay([bytes(1200)] * (BYTES // 1200), 16) is None
