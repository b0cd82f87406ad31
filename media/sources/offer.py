"""Reading an SDP offer from outside: bounded, and with a sentence for what is wrong with it."""

from dataclasses import dataclass

from aiortc.sdp import SessionDescription

from media.control.command import Refused

LONGEST = 64 * 1024
MOST_SECTIONS = 8
MOST_CANDIDATES = 128
LONGEST_LINE = 2048


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that was found acceptable."""

    sdp: str
    kinds: tuple[str, ...]
    """``audio`` or ``video`` for each section, in the offer's order."""
    directions: tuple[str, ...] = ()
    """``sendrecv``, ``recvonly`` and so on, for each of them."""
    opus: bool = False
    """Whether the first section of sound can be Opus."""
    ufrag: str = ""
    """The other side's ICE user name, in the section that everything is bundled on."""


def read_offer(sdp: str) -> Offer:
    """Check an offer before anything is set up for it. Raises ``Refused`` with ``bad_offer`` (RFC 9725)."""
    if len(sdp) > LONGEST:
        raise bad_offer(f"The offer is longer than {LONGEST // 1024} KB.")
    lines = sdp.splitlines()
    if any(len(line) > LONGEST_LINE for line in lines):
        raise bad_offer(f"The offer has a line of more than {LONGEST_LINE} characters.")
    if sum(line.startswith("m=") for line in lines) > MOST_SECTIONS:
        raise bad_offer(f"The offer has more than {MOST_SECTIONS} media sections.")
    if sum(line.startswith("a=candidate:") for line in lines) > MOST_CANDIDATES:
        raise bad_offer(f"The offer has more than {MOST_CANDIDATES} candidates.")
    return _judge(sdp, _parse(sdp))


def bad_offer(sentence: str) -> Refused:
    """The refusal of an offer."""
    return Refused("bad_offer", sentence)


def _parse(sdp: str) -> SessionDescription:
    try:
        return SessionDescription.parse(sdp)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, StopIteration) as error:
        raise bad_offer(f"The offer is not valid SDP: {error}") from error


def _judge(sdp: str, description: SessionDescription) -> Offer:
    kinds = [media.kind for media in description.media]
    if not kinds:
        raise bad_offer("The offer has no media section.")
    strange = sorted(set(kinds) - {"audio", "video"})
    if strange:
        raise bad_offer(f"The offer asks for {strange[0]!r}; the studio takes audio and video only.")
    for media in description.media:
        if media.ice is None or not media.ice.usernameFragment or not media.ice.password:
            raise bad_offer("The offer has no ICE credentials.")
        if media.dtls is None or not media.dtls.fingerprints:
            raise bad_offer("The offer has no DTLS fingerprint.")
    directions = tuple(media.direction or "sendrecv" for media in description.media)
    sounds = [media.rtp.codecs for media in description.media if media.kind == "audio"]
    opus = bool(sounds) and any(codec.mimeType.lower() == "audio/opus" for codec in sounds[0])
    ice = description.media[0].ice
    ufrag = (ice.usernameFragment or "") if ice is not None else ""
    return Offer(sdp, tuple(kinds), directions, opus, ufrag)
