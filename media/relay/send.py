"""Packets to one address with as few system calls as the kernel allows.

A kernel or a driver that refuses to segment is not asked again.
"""

import errno
import socket
from collections.abc import Iterable, Sequence

import structlog

from media.relay.segments import Run, runs

log = structlog.get_logger(__name__)

Address = tuple[str, int] | tuple[str, int, int, int]

_REFUSALS = {errno.EINVAL, errno.EIO, errno.ENOPROTOOPT, errno.EOPNOTSUPP, errno.EMSGSIZE}


class Sender:
    """Owns nothing but a count; the socket is the relay's one socket."""

    def __init__(self, sock: socket.socket, segmentation: bool = True) -> None:
        self.socket = sock
        self.segmentation = segmentation
        self.packets = 0

    def send(self, made: Iterable[Run], address: Address) -> bool:
        """Send in order. False when the socket had no room: the rest of the packets is dropped."""
        try:
            for run in made:
                if run.options and self.segmentation:
                    self._send_run(run, address)
                else:
                    self._send_each(run, address)
        except BlockingIOError:
            return False
        except OSError as error:
            log.debug("relay_send_failed", error=str(error))
            return False
        return True

    def _send_run(self, run: Run, address: Address) -> None:
        try:
            self.socket.sendmsg(run.buffers, run.options, 0, address)
        except OSError as error:
            if error.errno not in _REFUSALS:
                raise
            self.segmentation = False
            log.warning("relay_segmentation_refused", error=str(error))
            self._send_each(run, address)
        else:
            self.packets += len(run.packets)

    def _send_each(self, run: Run, address: Address) -> None:
        for packet in run.packets:
            self.socket.sendto(packet, address)
            self.packets += 1


class Outlet:
    """The way to one viewer, wherever they are by now. Nothing is sent before there is an address."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.address: Address | None = None

    def send(self, packets: Sequence[bytes]) -> bool:
        """Send packets in order. False when there was no room for all of them."""
        return self.send_runs(runs(packets))

    def send_to(self, packets: Sequence[bytes], address: Address) -> bool:
        """Answer where something came from."""
        return self._sender.send(runs(packets), address)

    def send_runs(self, made: Iterable[Run]) -> bool:
        """The same for what is cut into runs already."""
        return self.address is None or self._sender.send(made, self.address)
