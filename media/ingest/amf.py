"""AMF0, the values inside RTMP commands (Adobe, "Action Message Format -- AMF 0", 2007), within bounds."""

import struct
from collections.abc import Mapping
from typing import TypeAlias

DEEPEST = 8
MOST_VALUES = 512

Value: TypeAlias = "bool | float | str | list[Value] | dict[str, Value] | None"

_OBJECT_END = 0x09


class AmfError(ValueError):
    """The bytes are not AMF0, or too much of it."""


def decode(data: bytes) -> list[Value]:
    """All values in ``data``, one after another. Raises ``AmfError``."""
    reader = _Reader(data)
    values: list[Value] = []
    while not reader.at_end:
        values.append(reader.value(0))
    return values


def encode(*values: "Value | Mapping[str, Value]") -> bytes:
    """The values, one after another. Raises ``AmfError`` for a string above 65,535 bytes."""
    return b"".join(_encode(value) for value in values)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._values = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._data)

    def value(self, depth: int) -> Value:
        self._values += 1
        if depth > DEEPEST or self._values > MOST_VALUES:
            raise AmfError("too deep or too long")
        match self._byte():
            case 0x00:
                return self._double()
            case 0x01:
                return self._byte() != 0
            case 0x02:
                return self._text(self._number(2))
            case 0x03:
                return self._members(depth)
            case 0x05 | 0x06:
                return None
            case 0x0C:
                return self._text(self._number(4))
            case marker:
                return self._rare(marker, depth)

    def _rare(self, marker: int, depth: int) -> Value:
        match marker:
            case 0x08:
                self._number(4)
                return self._members(depth)
            case 0x0A:
                return [self.value(depth + 1) for _ in range(self._count())]
            case 0x0B:
                moment = self._double()
                self._number(2)
                return moment
        raise AmfError(f"unknown marker {marker:#x}")

    def _members(self, depth: int) -> dict[str, Value]:
        members: dict[str, Value] = {}
        while True:
            name = self._text(self._number(2))
            if not name and self._peek() == _OBJECT_END:
                self._at += 1
                return members
            members[name] = self.value(depth + 1)

    def _count(self) -> int:
        count = self._number(4)
        if count > MOST_VALUES:
            raise AmfError("too long")
        return count

    def _double(self) -> float:
        return float(struct.unpack(">d", self._take(8))[0])

    def _text(self, length: int) -> str:
        return self._take(length).decode("utf-8", "replace")

    def _number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def _byte(self) -> int:
        return self._take(1)[0]

    def _peek(self) -> int:
        if self.at_end:
            raise AmfError("cut short")
        return self._data[self._at]

    def _take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise AmfError("cut short")
        taken = self._data[self._at : end]
        self._at = end
        return taken


def _encode(value: "Value | Mapping[str, Value]") -> bytes:
    match value:
        case None:
            return b"\x05"
        case bool():
            return bytes((0x01, value))
        case int() | float():
            return b"\x00" + struct.pack(">d", value)
        case str():
            return b"\x02" + _encode_text(value)
        case list():
            return b"\x0a" + struct.pack(">I", len(value)) + encode(*value)
        case _:
            members = b"".join(_encode_text(name) + _encode(member) for name, member in value.items())
            return b"\x03" + members + b"\x00\x00\x09"


def _encode_text(text: str) -> bytes:
    raw = text.encode()
    if len(raw) > 0xFFFF:
        raise AmfError("string too long")
    return struct.pack(">H", len(raw)) + raw
