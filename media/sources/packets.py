"""Reading ahead: a thread takes packets as they arrive; each is handed out when it is due."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from media.clock import Clock
from media.sources.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator

    import av
    from av.stream import Stream

MOST_PACKETS = 2048
MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DuePacket:
    """A packet whose time has come. ``late``: seconds since it came; 0 for one without a time stamp."""

    packet: "av.Packet[Stream]"
    late: float
    shift: float | None = None
    """Added to a time stamp of the stream, in seconds, it gives the time of capture on our clock."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    packet: "av.Packet[Stream]"
    stamp: float | None
    """Seconds."""
    beginning: int


class ReadAhead:
    """Owns its thread from ``start`` to ``stop``. Full, it reads no further until something was taken."""

    def __init__(self, packets: "Iterator[av.Packet[Stream]]", clock: Clock) -> None:
        self._packets = packets
        self._clock = clock
        self._pace = Pace()
        self._changed = threading.Condition()
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._ended = False
        self._stopped = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._read, name="feed-read-ahead")

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread. What it reads from must have been ended before."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def take(self) -> DuePacket | None:
        """The next packet, when it is due; ``None`` at the end. Raises what ended the reading."""
        with self._changed:
            while not self._stopped:
                early = self._early()
                if early is None and self._ended:
                    break
                if early is not None and early <= 0:
                    return self._pop(-early)
                self._changed.wait(early)
        if self._error is not None:
            raise self._error
        return None

    def _early(self) -> float | None:
        """Seconds until the first packet is due; ``None`` without one."""
        if not self._waiting:
            return None
        first = self._waiting[0]
        if first.stamp is None or first.beginning != self._pace.beginnings:
            return 0.0
        return self._pace.due(first.stamp) - self._clock.monotonic()

    def _pop(self, late: float) -> DuePacket:
        first = self._waiting.popleft()
        self._bytes -= first.packet.size
        self._changed.notify_all()
        current = first.stamp is not None and first.beginning == self._pace.beginnings
        shift = (
            self._pace.captured(first.stamp) - first.stamp if current and first.stamp is not None else None
        )
        return DuePacket(first.packet, late, shift)

    def _read(self) -> None:
        try:
            for packet in self._packets:
                if not self._put(packet):
                    break
        except Exception as error:  # noqa: BLE001  raised again in the thread that takes
            self._error = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _put(self, packet: "av.Packet[Stream]") -> bool:
        stamp = _stamp(packet)
        with self._changed:
            while not self._stopped and self._full:
                self._changed.wait()
            if stamp is not None:
                self._pace.arrived(self._clock.monotonic(), stamp)
            self._waiting.append(_Waiting(packet, stamp, self._pace.beginnings))
            self._bytes += packet.size
            self._changed.notify_all()
            return not self._stopped

    @property
    def _full(self) -> bool:
        return len(self._waiting) >= MOST_PACKETS or self._bytes >= MOST_BYTES


def _stamp(packet: "av.Packet[Stream]") -> float | None:
    stamp = packet.dts if packet.dts is not None else packet.pts
    return None if stamp is None or packet.time_base is None else float(stamp * packet.time_base)
