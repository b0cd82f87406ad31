"""Packets to one address with as few system calls as the kernel allows.

UDP generic segmentation offload (Linux 4.18) sends a run of packets with one call: equal sizes, the last may
be shorter, 64 segments and 65,507 bytes at most. A kernel or a driver that refuses is not asked again.
"""

import errno
import socket
import struct
from collections.abc import Iterator, Sequence

import structlog

log = structlog.get_logger(__name__)

Address = tuple[str, int] | tuple[str, int, int, int]

SOL_UDP = 17
UDP_SEGMENT = 103
SEGMENTS = 64
BYTES = 65_000
_REFUSALS = {errno.EINVAL, errno.EIO, errno.ENOPROTOOPT, errno.EOPNOTSUPP, errno.EMSGSIZE}
_SEGMENT = struct.Struct("=H")


class Sender:
    """Owns nothing but a count; the socket is the relay's one socket."""

    def __init__(self, sock: socket.socket, segmentation: bool = True) -> None:
        self._socket = sock
        self.segmentation = segmentation
        self.packets = 0

    def send(self, packets: Sequence[bytes], address: Address) -> bool:
        """Send in order. False when the socket had no room: the rest of the packets is dropped."""
        try:
            for run in runs(packets):
                if len(run) > 1 and self.segmentation:
                    self._send_run(run, address)
                else:
                    self._send_each(run, address)
        except BlockingIOError:
            return False
        except OSError as error:
            log.debug("relay_send_failed", error=str(error))
            return False
        return True

    def _send_run(self, run: Sequence[bytes], address: Address) -> None:
        option = (SOL_UDP, UDP_SEGMENT, _SEGMENT.pack(len(run[0])))
        try:
            self._socket.sendmsg(run, [option], 0, address)
        except OSError as error:
            if error.errno not in _REFUSALS:
                raise
            self.segmentation = False
            log.warning("relay_segmentation_refused", error=str(error))
            self._send_each(run, address)
        else:
            self.packets += len(run)

    def _send_each(self, run: Sequence[bytes], address: Address) -> None:
        for packet in run:
            self._socket.sendto(packet, address)
            self.packets += 1


def runs(packets: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Cut a list into what one segmented send may carry.

    A short packet ends its run: in the middle it would shift all that follow.
    """
    start = 0
    while start < len(packets):
        size = len(packets[start])
        end = start + 1
        limit = min(len(packets), start + SEGMENTS, start + max(1, BYTES // size))
        while end < limit and len(packets[end - 1]) == size and len(packets[end]) <= size:
            end += 1
        yield packets[start:end]
        start = end
