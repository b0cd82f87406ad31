"""Telling a room something: packed once, and written to everybody at once.

python-socketio starts a task for each recipient, which puts the packet into a queue, which wakes a second
task, which packs a frame: several times the work of the write itself. Here whoever has nothing waiting gets
the finished frame at once; for all others the packet goes behind what waits, within the queue's bound.
"""

import struct
from collections.abc import Iterator
from typing import Any

from engineio.packet import MESSAGE
from engineio.packet import Packet as Envelope
from socketio import AsyncManager
from socketio.packet import EVENT

from signalling.outbox import Outbox

_TEXT = 0x81
"""A whole text frame (RFC 6455, section 5.2)."""


class Fanout(AsyncManager):  # type: ignore[misc]  # socketio carries no types
    """Of the clients of this process."""

    async def emit(self, event: str, data: Any, namespace: str, room: Any = None, **options: Any) -> None:
        """Tell a room, or one client. An acknowledgement is asked for the usual way."""
        if options.get("callback") is not None:
            await super().emit(event, data, namespace, room=room, **options)
            return
        recipients = self._recipients(namespace, options.get("to") or room, options.get("skip_sid"))
        packet = self.server.packet_class(EVENT, namespace=namespace, data=[event, *_arguments(data)])
        envelope = Envelope(MESSAGE, packet.encode())
        finished = frame(envelope.encode().encode())
        for outbox in recipients:
            if not outbox.write_now(finished):
                await outbox.put(envelope)

    def _recipients(self, namespace: str, room: Any, skipped: Any) -> Iterator[Outbox]:
        skip = skipped if isinstance(skipped, list) else [skipped]
        sockets = self.server.eio.sockets
        for sid, name in self.get_participants(namespace, room):
            if sid not in skip and (socket := sockets.get(name)) is not None and not socket.closed:
                yield socket.queue


def frame(text: bytes) -> bytes:
    """A text frame as servers send it."""
    size = len(text)
    if size < 126:
        return struct.pack(">BB", _TEXT, size) + text
    if size < 1 << 16:
        return struct.pack(">BBH", _TEXT, 126, size) + text
    return struct.pack(">BBQ", _TEXT, 127, size) + text


def _arguments(data: Any) -> list[Any]:
    """As python-socketio has it: a tuple is several arguments, and None is none."""
    if isinstance(data, tuple):
        return list(data)
    return [] if data is None else [data]
