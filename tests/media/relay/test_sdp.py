"""Offers of real browsers are answered; what cannot be answered is refused in a sentence."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from aiortc.sdp import SessionDescription

from media.relay.answer import Endpoint, write_answer
from media.relay.offer import OFFER_LIMIT, BadOffer, read_offer
from tests.media.relay.player import Player

CHROMIUM = (Path(__file__).parent / "offers" / "chromium_156.sdp").read_bytes().decode()
ENDPOINT = Endpoint(["192.0.2.7", "2001:db8::7"], 50_000, "u" * 8, "p" * 24, ":".join(["AB"] * 32))
SSRCS = {"audio": 11, "video": 22}


def section(sdp: str, kind: str) -> str:
    """The lines of one m-section."""
    return next(part for part in sdp.split("m=") if part.startswith(kind))


def without(sdp: str, kind: str) -> str:
    """An offer without one of its sections."""
    gone = re.search(r"a=mid:(\S+)", section(sdp, kind))
    assert gone is not None
    rest = "m=".join(part for part in sdp.split("m=") if not part.startswith(kind))
    return re.sub(rf"(a=group:BUNDLE.*?) {gone[1]}\b", r"\1", rest)


def test_chromium() -> None:
    offer = read_offer(CHROMIUM)
    assert [(part.kind, part.mid) for part in offer.sections] == [("video", "0"), ("audio", "1")]
    video, audio = offer.sections
    assert f"a=fmtp:{video.payload_type} " in CHROMIUM
    wanted = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
    assert f"a=fmtp:{video.payload_type} {wanted}" in CHROMIUM
    assert f"a=rtpmap:{audio.payload_type} opus/48000/2" in CHROMIUM
    assert video.mid_id == audio.mid_id == 9
    assert len(offer.fingerprints) == 1


def test_the_answer_follows_the_offer() -> None:
    offer = read_offer(CHROMIUM)
    answer = write_answer(offer, ENDPOINT, SSRCS, "moothall-m1")
    parsed = SessionDescription.parse(answer)
    assert "a=ice-lite\r\n" in answer
    assert [str(group) for group in parsed.group] == ["BUNDLE 0 1"]
    assert [(media.kind, media.rtp.muxId) for media in parsed.media] == [("video", "0"), ("audio", "1")]
    for media, part in zip(parsed.media, offer.sections, strict=True):
        assert media.direction == "sendonly"
        assert media.rtcp_mux
        assert media.dtls is not None
        assert media.dtls.role == "server"
        assert media.ice_candidates_complete
        assert [candidate.ip for candidate in media.ice_candidates] == ["192.0.2.7", "2001:db8::7"]
        assert [codec.payloadType for codec in media.rtp.codecs] == [part.payload_type]
        assert media.msid == f"moothall {media.kind}"
        assert media.ssrc[0].ssrc == SSRCS[media.kind]
    assert answer.count("a=rtcp-rsize\r\n") == 2
    assert "profile-level-id=42e01f" in section(answer, "video")
    assert "a=rtcp-fb" in section(answer, "video")
    assert all(line for line in answer.removesuffix("\r\n").split("\r\n"))


async def test_aiortc_takes_the_answer_to_its_own_offer() -> None:
    player = Player()
    offer = read_offer(await player.offer())
    fingerprint = ":".join(["AB"] * 32)
    endpoint = Endpoint(["127.0.0.1"], 9, "u" * 8, "p" * 24, fingerprint)
    await player.accept(write_answer(offer, endpoint, SSRCS, "moothall-m1"))
    assert set(player.tracks) == {"audio", "video"}
    await player.close()


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_one_kind_alone_is_fine(kind: str) -> None:
    other = {"audio": "video", "video": "audio"}[kind]
    offer = read_offer(without(CHROMIUM, other))
    assert [part.kind for part in offer.sections] == [kind]
    assert f"m={other}" not in write_answer(offer, ENDPOINT, SSRCS, "moothall-m1")


def test_another_baseline_profile_is_taken_when_the_best_is_not_offered() -> None:
    offer = read_offer(CHROMIUM.replace("42e01f", "640c1f"))
    assert "profile-level-id=42001f" in offer.sections[0].parameters
    offer = read_offer(CHROMIUM.replace("42e01f", "640c1f").replace("42001f", "42C00D"))
    assert "profile-level-id=42c01f" in offer.sections[0].parameters


def test_a_section_that_is_only_in_the_bundle_is_no_closed_one() -> None:
    audio = section(CHROMIUM, "audio")
    bundled = audio.replace("audio 9 ", "audio 0 ").replace(
        "a=rtcp-mux\r\n", "a=rtcp-mux\r\na=bundle-only\r\n"
    )
    assert read_offer(CHROMIUM.replace(audio, bundled)) == read_offer(CHROMIUM)
    with pytest.raises(BadOffer, match="open audio or video"):
        read_offer(CHROMIUM.replace(audio, bundled.replace("a=bundle-only", "a=bundle-all")))


def test_stereo_is_answered_when_wanted() -> None:
    wanted = CHROMIUM.replace("useinbandfec=1", "useinbandfec=1;stereo=1")
    assert "stereo=1;sprop" in read_offer(wanted).sections[1].parameters
    assert ";stereo=1" not in read_offer(CHROMIUM).sections[1].parameters


DATA_CHANNEL = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\na=sctp-port:5000\r\n"


@pytest.mark.parametrize(
    ("sdp", "sentence"),
    [
        ("", "not a session description"),
        ("<html>", "not a session description"),
        ("v=0\r\n" + "a" * OFFER_LIMIT, "longer than 64 KB"),
        ("v=0\r\n" * 1001, "more than 1000 lines"),
        ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n", "one to 4 media sections"),
        (CHROMIUM + section(CHROMIUM, "audio").join(["m="] * 4), "one to 4 media sections"),
        (CHROMIUM + DATA_CHANNEL, "data channel"),
        (CHROMIUM + "m=" + section(CHROMIUM, "audio").replace("mid:1", "mid:2"), "more than one section"),
        (CHROMIUM.replace("mid:1", "mid:0"), "same mid"),
        (CHROMIUM.replace("BUNDLE 0 1", "BUNDLE 0"), "bundle"),
        (CHROMIUM.replace("recvonly", "sendonly"), "offer to receive"),
        (CHROMIUM.replace("recvonly", "inactive"), "offer to receive"),
        (CHROMIUM.replace("a=rtcp-mux\r\n", ""), "multiplex RTCP"),
        (CHROMIUM.replace("mid:0", "mid:a b"), "usable mid"),
        (CHROMIUM.replace("H264/", "H265/"), "H.264"),
        (CHROMIUM.replace("packetization-mode=1", "packetization-mode=0"), "H.264"),
        (CHROMIUM.replace("=42", "=64"), "H.264"),
        (CHROMIUM.replace("opus/48000/2", "vorbis/48000/2"), "Opus"),
        (CHROMIUM.replace("a=ice-ufrag", "a=ice-nothing"), "ICE user name"),
        (CHROMIUM.replace("t=0 0", "t=0 0\r\na=ice-lite"), "ICE-lite"),
        (CHROMIUM.replace("setup:actpass", "setup:passive"), "DTLS handshake"),
        (CHROMIUM.replace("sha-256 ", "sha-1 "), "SHA-256"),
        (CHROMIUM.replace("sha-256 ", "sha-256 zz:"), "SHA-256"),
        (CHROMIUM.replace("a=setup:actpass", "a=setup:later"), "cannot be read"),
        (CHROMIUM.replace("m=video 9", "m=video nine"), "cannot be read"),
        (CHROMIUM.replace("a=rtpmap:", "a=rtpmap:x"), "cannot be read"),
        (CHROMIUM.replace("a=fmtp:", "a=fmtp:1"), "cannot be read"),
        (CHROMIUM.replace("m=video 9", "m=video 0"), "open audio or video"),
        (CHROMIUM.replace("m=video", "m=text"), "open audio or video"),
    ],
)
def test_refuses_in_a_sentence(sdp: str, sentence: str) -> None:
    with pytest.raises(BadOffer, match=sentence) as refusal:
        read_offer(sdp)
    assert refusal.value.code == "bad_offer"


def test_no_cut_offer_raises_anything_but_a_refusal() -> None:
    for end in range(0, len(CHROMIUM), 37):
        with suppress(BadOffer):
            read_offer(CHROMIUM[:end])
