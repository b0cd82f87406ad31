"""A viewer's SDP offer, read within bounds and reduced to what the relay needs."""

import re
from dataclasses import dataclass
from typing import Literal

from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.sdp import MediaDescription, SessionDescription

from media.control.command import Refused
from media.relay.stream import MID_EXTENSION

OFFER_LIMIT = 64 * 1024
LINES_LIMIT = 1000
SECTIONS_LIMIT = 4

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}")
_ICE = re.compile(r"[A-Za-z0-9+/]{4,256}")
_SHA_256 = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}")
_H264_CHOICES = ("42e01f", "42001f")
"""In order of preference; then any profile-level-id of constrained or plain baseline."""


class BadOffer(Refused):
    """The offer cannot be answered; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__("bad_offer", message)


@dataclass(frozen=True, slots=True)
class Section:
    """One m-line that the relay will fill."""

    kind: Literal["audio", "video"]
    mid: str
    payload_type: int
    parameters: str
    """The format parameters to answer with."""
    mid_id: int | None
    """Id of the MID header extension, when offered."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the answer and the transport need to know."""

    sections: tuple[Section, ...]
    ufrag: str
    fingerprints: frozenset[str]
    """SHA-256 digests, upper case with colons; the peer's certificate must match one of them."""

    def section(self, kind: Literal["audio", "video"]) -> Section | None:
        """The section of that kind."""
        return next((section for section in self.sections if section.kind == kind), None)


def read_offer(sdp: str) -> Offer:
    """Read an offer to receive at most one audio and one video. Raises ``BadOffer``."""
    media = _parse(sdp)
    sections = tuple(_section(description) for description in media.media)
    kinds = [section.kind for section in sections]
    if len(set(kinds)) != len(kinds):
        raise BadOffer(
            "The offer has more than one section of a kind; one audio and one video is all there is."
        )
    if len({section.mid for section in sections}) != len(sections):
        raise BadOffer("Two sections of the offer have the same mid.")
    bundled = {str(mid) for group in media.group if group.semantic == "BUNDLE" for mid in group.items}
    if len(sections) > 1 and not bundled >= {section.mid for section in sections}:
        raise BadOffer("The offer does not bundle its sections; everything travels over one port.")
    first = media.media[0]
    return Offer(sections, _ufrag(first), _fingerprints(first))


def _parse(sdp: str) -> SessionDescription:
    if len(sdp) > OFFER_LIMIT:
        raise BadOffer(f"The offer is longer than {OFFER_LIMIT // 1024} KB.")
    if not sdp.startswith("v=0"):
        raise BadOffer("This is not a session description.")
    if len(sdp.splitlines()) > LINES_LIMIT:
        raise BadOffer(f"The offer has more than {LINES_LIMIT} lines.")
    if not 1 <= len(re.findall(r"^m=", sdp, re.MULTILINE)) <= SECTIONS_LIMIT:
        raise BadOffer(f"The offer must have one to {SECTIONS_LIMIT} media sections.")
    try:
        return SessionDescription.parse("".join(map(_open, re.split(r"^(?=m=)", sdp, flags=re.MULTILINE))))
    except (ValueError, AssertionError, LookupError, AttributeError, TypeError, StopIteration) as error:
        # The parser trusts its input and trips in all these ways over what a browser would never write.
        raise BadOffer("The offer cannot be read as a session description.") from error


def _open(section: str) -> str:
    """Port 0 of a bundle-only section says that it has no transport of its own, not that it is refused.

    RFC 9143 section 6. The parser does not know the attribute.
    """
    if "a=bundle-only" not in section.splitlines():
        return section
    return re.sub(r"^(m=\S+) 0 ", r"\1 9 ", section, count=1)


def _section(media: MediaDescription) -> Section:
    if media.kind == "application":
        raise BadOffer("The offer has a data channel; there is none here.")
    if media.kind not in ("audio", "video") or media.port == 0:
        raise BadOffer("Every section of the offer must be an open audio or video section.")
    if media.direction not in ("recvonly", "sendrecv", None):
        raise BadOffer(f"The {media.kind} section does not offer to receive.")
    if not media.rtcp_mux:
        raise BadOffer("The offer does not multiplex RTCP; everything travels over one port.")
    if media.rtp.muxId is None or not _TOKEN.fullmatch(media.rtp.muxId):
        raise BadOffer(f"The {media.kind} section has no usable mid.")
    if media.kind == "audio":
        codec, parameters = _opus(media)
    else:
        codec, parameters = _h264(media)
    mid_id = next((ext.id for ext in media.rtp.headerExtensions if ext.uri == MID_EXTENSION), None)
    kind: Literal["audio", "video"] = "audio" if media.kind == "audio" else "video"
    return Section(kind, media.rtp.muxId, codec.payloadType or 0, parameters, mid_id)


def _opus(media: MediaDescription) -> tuple[RTCRtpCodecParameters, str]:
    for codec in _codecs(media, "audio/opus"):
        if codec.clockRate == 48_000 and codec.channels == 2:
            stereo = "stereo=1;" if codec.parameters.get("stereo") else ""
            return codec, f"minptime=10;{stereo}sprop-stereo=1;useinbandfec=1"
    raise BadOffer("The offer has no Opus sound, which is the only kind there is.")


def _h264(media: MediaDescription) -> tuple[RTCRtpCodecParameters, str]:
    usable = [
        (level.lower(), codec)
        for codec in _codecs(media, "video/h264")
        if str(codec.parameters.get("packetization-mode")) == "1"
        and (level := str(codec.parameters.get("profile-level-id")))
        and re.fullmatch(r"42[0-9a-fA-F]{4}", level)
    ]
    if not usable:
        raise BadOffer(
            "The offer has no H.264 baseline video with packetization-mode 1, the only kind there is. "
            "Offer audio alone, or watch by HLS."
        )
    preference = {level: rank for rank, level in enumerate(_H264_CHOICES)}
    level, codec = min(usable, key=lambda choice: preference.get(choice[0], len(preference)))
    parameters = f"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={level[:4]}1f"
    return codec, parameters


def _codecs(media: MediaDescription, mime: str) -> list[RTCRtpCodecParameters]:
    return [
        codec
        for codec in media.rtp.codecs
        if codec.mimeType.lower() == mime
        and codec.payloadType in media.fmt
        and 0 < (codec.payloadType or 0) < 128
    ]


def _ufrag(media: MediaDescription) -> str:
    ufrag = media.ice.usernameFragment if media.ice else None
    if media.ice is None or ufrag is None or media.ice.password is None or not _ICE.fullmatch(ufrag):
        raise BadOffer("The offer has no ICE user name and password.")
    if media.ice.iceLite:
        raise BadOffer("Both sides are ICE-lite, so neither would begin.")
    return ufrag


def _fingerprints(media: MediaDescription) -> frozenset[str]:
    if media.dtls is None or media.dtls.role not in ("auto", "client"):
        raise BadOffer("The offer must be willing to begin the DTLS handshake (setup actpass or active).")
    digests = {
        fingerprint.value.upper()
        for fingerprint in media.dtls.fingerprints
        if fingerprint.algorithm.lower() == "sha-256"
    }
    if not digests or not all(_SHA_256.fullmatch(digest) for digest in digests):
        raise BadOffer("The offer has no SHA-256 fingerprint of its certificate.")
    return frozenset(digests)
