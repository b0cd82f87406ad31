"""The part of STUN (RFC 8489) that an ICE-lite agent needs: Binding requests in, success responses out.

Everything that is not a Binding request with a good FINGERPRINT and MESSAGE-INTEGRITY is an error here and
silence on the wire: an answer to a stranger would make the relay a reflector.
"""

import hmac
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

MAGIC = 0x2112A442
REQUEST_LIMIT = 548
"""Bytes. RFC 8489 section 6.1 keeps requests below the smallest MTU; none of ours needs a third of it."""

_HEADER = struct.Struct(">HHI12s")
_ATTRIBUTE = struct.Struct(">HH")
_BINDING_REQUEST = 0x0001
_BINDING_SUCCESS = 0x0101
_USERNAME = 0x0006
_MESSAGE_INTEGRITY = 0x0008
_XOR_MAPPED_ADDRESS = 0x0020
_PRIORITY = 0x0024
_USE_CANDIDATE = 0x0025
_FINGERPRINT = 0x8028
_ICE_CONTROLLED = 0x8029
_ICE_CONTROLLING = 0x802A
_SIZES = {_MESSAGE_INTEGRITY: 20, _PRIORITY: 4, _USE_CANDIDATE: 0, _FINGERPRINT: 4, _ICE_CONTROLLING: 8}
_UNDERSTOOD = {_USERNAME, _MESSAGE_INTEGRITY, _PRIORITY, _USE_CANDIDATE}
_OPTIONAL_FROM = 0x8000
_FINGERPRINT_XOR = 0x5354554E
_INTEGRITY_SIZE = 24
_FINGERPRINT_SIZE = 8


class StunError(ValueError):
    """Not a Binding request that we would answer."""


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A connectivity check (RFC 8445 section 7). Its sender is unproven until ``verify``."""

    transaction: bytes
    username: str
    use_candidate: bool
    signed: bytes
    """What MESSAGE-INTEGRITY covers, with the length as it was when it was signed."""
    signature: bytes
    size: int

    @property
    def local_ufrag(self) -> str:
        """The receiver's half of the user name: whom it is for."""
        return self.username.partition(":")[0]

    def verify(self, password: str) -> bool:
        """Whether the sender knows our ICE password."""
        return hmac.compare_digest(_sign(self.signed, password), self.signature)


def parse_request(data: bytes) -> BindingRequest:
    """Read a Binding request of the controlling side. Raises ``StunError`` for every other byte string."""
    if not _HEADER.size <= len(data) <= REQUEST_LIMIT:
        raise StunError("A size that no check has")
    kind, length, magic, transaction = _HEADER.unpack_from(data)
    if kind != _BINDING_REQUEST or magic != MAGIC or length != len(data) - _HEADER.size or length % 4:
        raise StunError("Not a Binding request")
    attributes = _attributes(data)
    username = attributes.get(_USERNAME, (0, b""))[1]
    position, signature = attributes.get(_MESSAGE_INTEGRITY, (0, b""))
    if not username or not signature:
        raise StunError("Neither named nor signed")
    try:
        name = username.decode("ascii")
    except UnicodeDecodeError as error:
        raise StunError("A user name that no offer can carry") from error
    signed = _with_length(data[:position], position + _INTEGRITY_SIZE - _HEADER.size)
    return BindingRequest(transaction, name, _USE_CANDIDATE in attributes, signed, signature, len(data))


def success(request: BindingRequest, host: str, port: int, password: str) -> bytes:
    """The response to a verified request that came from ``host`` and ``port``."""
    body = _HEADER.pack(_BINDING_SUCCESS, 0, MAGIC, request.transaction)
    mapped = _xor_address(host, port, request.transaction)
    body += _ATTRIBUTE.pack(_XOR_MAPPED_ADDRESS, len(mapped)) + mapped
    body = _with_length(body, len(body) + _INTEGRITY_SIZE - _HEADER.size)
    body += _ATTRIBUTE.pack(_MESSAGE_INTEGRITY, 20) + _sign(body, password)
    body = _with_length(body, len(body) + _FINGERPRINT_SIZE - _HEADER.size)
    return body + _ATTRIBUTE.pack(_FINGERPRINT, 4) + _checksum(body)


def _attributes(data: bytes) -> dict[int, tuple[int, bytes]]:
    """(Position, value) by type. Nothing counts after MESSAGE-INTEGRITY but FINGERPRINT, which is checked."""
    found: dict[int, tuple[int, bytes]] = {}
    position = _HEADER.size
    while position < len(data):
        kind, size = _ATTRIBUTE.unpack_from(data, position)
        start = position + _ATTRIBUTE.size
        value = data[start : start + size]
        if len(value) < size or size != _SIZES.get(kind, size):
            raise StunError("An attribute of the wrong size")
        _judge(kind, found)
        if kind == _FINGERPRINT:
            if start + size != len(data) or value != _checksum(data[:position]):
                raise StunError("A wrong fingerprint")
            return found
        if _MESSAGE_INTEGRITY not in found:
            found.setdefault(kind, (position, value))
        position = start + (size + 3) // 4 * 4
    raise StunError("No fingerprint")


def _judge(kind: int, found: dict[int, tuple[int, bytes]]) -> None:
    if kind == _ICE_CONTROLLED:
        raise StunError("We are the lite side: the peer has to control (RFC 8445 section 6.1.1)")
    if kind < _OPTIONAL_FROM and kind not in _UNDERSTOOD and _MESSAGE_INTEGRITY not in found:
        raise StunError("An attribute that must be understood is not")


def _with_length(data: bytes, length: int) -> bytes:
    return data[:2] + length.to_bytes(2, "big") + data[4:]


def _sign(data: bytes, password: str) -> bytes:
    return hmac.digest(password.encode(), data, "sha1")


def _checksum(data: bytes) -> bytes:
    return (zlib.crc32(data) ^ _FINGERPRINT_XOR).to_bytes(4, "big")


def _xor_address(host: str, port: int, transaction: bytes) -> bytes:
    address = canonical(host)
    key = MAGIC.to_bytes(4, "big") + transaction
    xored = bytes(a ^ b for a, b in zip(address.packed, key, strict=False))
    family = 1 if isinstance(address, IPv4Address) else 2
    return struct.pack(">BBH", 0, family, port ^ (MAGIC >> 16)) + xored


@lru_cache(maxsize=4096)
def canonical(host: str) -> IPv4Address | IPv6Address:
    """The address as the peer knows it: without a scope, IPv4 if it only travelled in a mapped address."""
    if ":" not in host:
        return IPv4Address(host)
    address = IPv6Address(host.partition("%")[0])
    return address.ipv4_mapped or address
