"""What the studio makes of aioice: which addresses it offers, and what it does with broken STUN."""

import ipaddress
import socket
import struct

import aioice.ice
import aioice.stun
import structlog

log = structlog.get_logger(__name__)


def listen_on(address: str) -> None:
    """Gather host candidates on this address alone, for this process, from now on.

    aioice asks all interfaces but never loopback, and has no setting for it. ``0.0.0.0`` leaves it at that;
    so does an address this machine does not have (behind address translation): ``announce`` writes that one
    into answers.
    """
    if not is_local(address):
        return

    def addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return [address]

    aioice.ice.get_host_addresses = addresses


def announce(sdp: str, address: str) -> str:
    """The answer with ``address`` in its IPv4 host candidates, when this machine does not have it itself."""
    if is_local(address) or ipaddress.ip_address(address).is_unspecified:
        return sdp
    return "\r\n".join(_announce_line(line, address) for line in sdp.split("\r\n"))


def is_local(address: str) -> bool:
    """Whether a socket can be bound to exactly this address."""
    parsed = ipaddress.ip_address(address)
    if parsed.is_unspecified:
        return False
    family = socket.AF_INET if parsed.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def reject_broken_stun() -> None:
    """Let aioice 0.13 drop STUN with attributes that are too short: it catches ``ValueError`` only."""
    parse = aioice.stun.parse_message

    def parse_message(data: bytes) -> aioice.stun.Message:
        try:
            return parse(data)
        except struct.error as error:
            raise ValueError(f"STUN attribute too short: {error}") from error

    aioice.stun.parse_message = parse_message


def _announce_line(line: str, address: str) -> str:
    if not line.startswith("a=candidate:") or " typ host" not in line:
        return line
    fields = line.split(" ")
    if ":" in fields[4]:
        return line
    fields[4] = address
    return " ".join(fields)
