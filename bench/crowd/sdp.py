"""What light viewers say: an offer for WHEP, and an answer to a server that offers."""

import re
from dataclasses import dataclass

from aiortc.sdp import SessionDescription

VIDEO_TYPE, AUDIO_TYPE = 102, 111
_H264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"


@dataclass(frozen=True)
class Me:
    """One viewer's own end."""

    ufrag: str
    password: str
    fingerprint: str
    host: str
    port: int


@dataclass(frozen=True)
class Server:
    """The other end."""

    host: str
    port: int
    ufrag: str
    password: str
    kinds: dict[int, str]
    """Kind of medium by payload type."""


def offer(me: Me) -> str:
    """An offer to receive one audio and one video."""
    sections = [("audio", "0", AUDIO_TYPE, "opus/48000/2"), ("video", "1", VIDEO_TYPE, "H264/90000")]
    lines = _head("0 1")
    for kind, mid, payload_type, codec in sections:
        lines += _section(me, kind, mid, [(payload_type, codec)], "actpass")
    return "\r\n".join(lines) + "\r\n"


def answer(me: Me, sdp: str) -> str:
    """Take all that the server offers to send."""
    parsed = SessionDescription.parse(sdp)
    lines = _head(" ".join(media.rtp.muxId for media in parsed.media))
    for media in parsed.media:
        codecs = [
            (codec.payloadType, codec.name + f"/{codec.clockRate}" + ("/2" if media.kind == "audio" else ""))
            for codec in media.rtp.codecs
            if codec.name in ("opus", "H264") and codec.payloadType is not None
        ]
        lines += _section(me, media.kind, media.rtp.muxId, codecs, "active")
    return "\r\n".join(lines) + "\r\n"


def server(sdp: str) -> Server:
    """What a server's description says; by its lines, as a whole parser would hold up a storm."""
    candidates = re.findall(r"^a=candidate:\S+ 1 udp \d+ ([0-9.]+) (\d+) typ host", sdp, re.MULTILINE)
    host, port = candidates[0]
    kinds, kind = {}, ""
    for line in sdp.splitlines():
        if line.startswith("m="):
            kind = line[2:].partition(" ")[0]
        elif line.startswith("a=rtpmap:"):
            kinds[int(line[9:].partition(" ")[0])] = kind
    ufrag, password = _value(sdp, "ice-ufrag"), _value(sdp, "ice-pwd")
    return Server(host, int(port), ufrag, password, kinds)


def _value(sdp: str, name: str) -> str:
    found = re.search(rf"^a={name}:(\S+)", sdp, re.MULTILINE)
    assert found is not None
    return found[1]


def _head(mids: str) -> list[str]:
    return ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]


def _section(me: Me, kind: str, mid: str, codecs: list[tuple[int, str]], setup: str) -> list[str]:
    lines = [
        f"m={kind} {me.port} UDP/TLS/RTP/SAVPF {' '.join(str(number) for number, _ in codecs)}",
        f"c=IN IP4 {me.host}",
        "a=recvonly",
        f"a=mid:{mid}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{me.ufrag}",
        f"a=ice-pwd:{me.password}",
        f"a=fingerprint:sha-256 {me.fingerprint}",
        f"a=setup:{setup}",
        f"a=candidate:1 1 udp 2130706431 {me.host} {me.port} typ host",
        "a=end-of-candidates",
    ]
    for number, codec in codecs:
        lines.append(f"a=rtpmap:{number} {codec}")
        if kind == "video":
            lines += [f"a=fmtp:{number} {_H264}", f"a=rtcp-fb:{number} nack", f"a=rtcp-fb:{number} nack pli"]
    return lines
