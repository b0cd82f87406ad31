"""Where bursts are made and leave from, and the loop that serves most viewers: those who are in step.

Whoever is in step gets a burst like everybody else of their shape. For them the loop calls nothing of ours,
only libsrtp and the kernel: with a function for each step a viewer took a sixth longer. Everybody else takes
the burst by themselves (``Delivery.take``), which does the same in every case there is.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any, NamedTuple, Protocol, TypeVar

from media.relay import native
from media.relay.burst import Burst, Shape
from media.relay.lane import Lane
from media.relay.send import Address, Sender
from media.relay.workbench import Workbench

Room = Callable[[], Awaitable[bool]]
"""Waits until the socket takes more; false when it does not."""


class Place(Protocol):
    """Where a viewer is by now; ``None`` when that is not known yet."""

    address: Address | None


class Seat(NamedTuple):
    """What the loop needs of a viewer."""

    shape: Shape
    handle: Any
    """Of their libsrtp session (``native``)."""
    place: Place
    lanes: Mapping[int, Lane]


class Member(Protocol):
    """A viewer. They have a seat while they are in step."""

    seat: Seat | None


AnyMember = TypeVar("AnyMember", bound=Member)


class Stage:
    """One for the process."""

    def __init__(self, workbench: Workbench, sender: Sender, room: Room) -> None:
        self.workbench = workbench
        self.room = room
        self._sender = sender

    def serve(self, burst: Burst, members: Iterable[AnyMember]) -> Iterator[AnyMember]:
        """Serve those in step, one after the other, and hand back everybody else when it is their turn."""
        if native.protect is None or not self._sender.segmentation:
            return iter(members)
        return self._serve(burst, members, native.protect)

    def _serve(
        self, burst: Burst, members: Iterable[AnyMember], protect: native.Protect
    ) -> Iterator[AnyMember]:
        sender, key, part = self._sender, None, None
        for member in members:
            if member.seat is None:
                yield member
                continue
            shape, handle, place, lanes = member.seat
            if shape.key is not key:
                key, part = shape.key, burst.part(shape)
            if part is None:
                yield member
                continue
            layout, places, lasts = part
            layout.target[:] = layout.plain
            layout.lengths_target[:] = layout.lengths
            if any(map(protect, repeat(handle), *places)):
                yield member
                continue
            for source, last in lasts:
                lanes[source].last = last
            try:
                for run in layout.runs:
                    sender.socket.sendmsg(run.buffers, run.options, 0, place.address)
            except OSError:
                yield member
            else:
                sender.packets += len(layout.packets)
