"""A socket without a network: it cuts runs as the kernel does and hands packets to whoever is addressed."""

import socket
from collections.abc import Callable, Sequence
from typing import cast

from media.relay.segments import SOL_UDP, UDP_SEGMENT, Option, Piece
from media.relay.send import Address, Outlet, Sender

Receiver = Callable[[list[bytes]], None]
"""Takes what one call sent. Raises ``BlockingIOError`` when there is no room for it."""


class Network:
    """``outlet`` for each receiver; ``sender`` sends to all of them."""

    def __init__(self) -> None:
        self._receivers: dict[Address, Receiver] = {}
        self.sender = Sender(cast("socket.socket", self))

    def outlet(self, receiver: Receiver) -> Outlet:
        """The way to one more receiver."""
        outlet = Outlet(self.sender)
        outlet.address = ("192.0.2.1", len(self._receivers) + 1)
        self._receivers[outlet.address] = receiver
        return outlet

    def sendmsg(self, pieces: Sequence[Piece], options: Sequence[Option], _: int, address: Address) -> int:
        """See ``socket.sendmsg``."""
        data = b"".join(pieces)
        sizes = [
            int.from_bytes(value, "little") for *kind, value in options if kind == [SOL_UDP, UDP_SEGMENT]
        ]
        step = sizes[0] if sizes else len(data)
        self._receivers[address]([data[start : start + step] for start in range(0, len(data), step)])
        return len(data)

    def sendto(self, packet: Piece, address: Address) -> int:
        """See ``socket.sendto``."""
        self._receivers[address]([bytes(packet)])
        return len(packet)
