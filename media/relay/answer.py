"""The SDP answer: a template, since every viewer gets the same programme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from media.relay.offer import Offer, Section
from media.relay.stream import MID_EXTENSION

_FEEDBACK = ("nack", "nack pli", "ccm fir")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom the relay can be reached in one session."""

    addresses: Sequence[str]
    port: int
    ufrag: str
    password: str
    fingerprint: str
    """SHA-256 of the relay's certificate, upper case with colons."""


def write_answer(offer: Offer, endpoint: Endpoint, ssrcs: Mapping[str, int], cname: str) -> str:
    """The answer to ``offer``. ``ssrcs`` has the synchronisation source by kind of section."""
    mids = " ".join(section.mid for section in offer.sections)
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {mids}",
        "a=msid-semantic: WMS moothall",
    ]
    for section in offer.sections:
        lines += _section(section, endpoint, ssrcs[section.kind], cname)
    return "\r\n".join(lines) + "\r\n"


def write_restart(offer: Offer, endpoint: Endpoint) -> str:
    """The fragment that answers an ICE restart (RFC 9725 section 4.3.3): only what changes."""
    first = offer.sections[0]
    mids = " ".join(section.mid for section in offer.sections)
    lines = [
        "a=ice-lite",
        f"a=group:BUNDLE {mids}",
        f"m={first.kind} {endpoint.port} UDP/TLS/RTP/SAVPF {first.payload_type}",
        f"a=mid:{first.mid}",
        *_ice(endpoint),
    ]
    return "\r\n".join(lines) + "\r\n"


def _section(section: Section, endpoint: Endpoint, ssrc: int, cname: str) -> list[str]:
    payload_type = section.payload_type
    lines = [
        f"m={section.kind} {endpoint.port} UDP/TLS/RTP/SAVPF {payload_type}",
        f"c=IN {_connection(endpoint.addresses[0])}",
        "a=sendonly",
        f"a=mid:{section.mid}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
    ]
    if section.mid_id is not None:
        lines.append(f"a=extmap:{section.mid_id} {MID_EXTENSION}")
    if section.kind == "video":
        lines.append(f"a=rtpmap:{payload_type} H264/90000")
        lines += [f"a=rtcp-fb:{payload_type} {feedback}" for feedback in _FEEDBACK]
    else:
        lines.append(f"a=rtpmap:{payload_type} opus/48000/2")
    lines += [
        f"a=fmtp:{payload_type} {section.parameters}",
        f"a=msid:moothall {section.kind}",
        f"a=ssrc:{ssrc} cname:{cname}",
        f"a=fingerprint:sha-256 {endpoint.fingerprint}",
        "a=setup:passive",
        *_ice(endpoint),
    ]
    return lines


def _ice(endpoint: Endpoint) -> list[str]:
    lines = [f"a=ice-ufrag:{endpoint.ufrag}", f"a=ice-pwd:{endpoint.password}"]
    for number, address in enumerate(endpoint.addresses):
        priority = (126 << 24) + ((65_535 - number) << 8) + 255
        lines.append(f"a=candidate:{number + 1} 1 udp {priority} {address} {endpoint.port} typ host")
    return [*lines, "a=end-of-candidates"]


def _connection(address: str) -> str:
    """IP version and address; a candidate may be a name, the connection line must then be a placeholder."""
    try:
        return f"IP{ip_address(address).version} {address}"
    except ValueError:
        return "IP4 0.0.0.0"
