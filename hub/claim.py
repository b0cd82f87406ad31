"""What a hub has for itself alone, and takes before it touches a studio: its port and its folder of sockets.

Two hubs over the same studios would each undo what the other does, and one that then finds its port taken
would have done so for nothing.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hub.settings import Settings

LOCK = "hub.lock"
_UNTOUCHED = "Nothing was touched: a meeting that is on goes on."


class Taken(Exception):  # noqa: N818  names what it is
    """Another program has what this hub needs, or the machine does not. ``str`` says what to do."""


@contextmanager
def claim(settings: Settings) -> Iterator[list[socket.socket]]:
    """The sockets to listen on, one for each address of the host, bound already. Raises ``Taken``.

    What is claimed is free again when this process ends, in whatever way.
    """
    with ExitStack() as held:
        doors = [held.enter_context(door) for door in _bind(settings.host, settings.port)]
        held.callback(os.close, _lock(settings.sockets))
        yield doors


def _bind(host: str, port: int) -> list[socket.socket]:
    doors: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            door = socket.socket(family, kind, protocol)
            doors.append(door)
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            door.bind(address)
    except OSError as error:
        for door in doors:
            door.close()
        raise cannot_listen(host, port, error) from error
    return doors


def cannot_listen(host: str, port: int, error: OSError) -> Taken:
    """The sentence for it. Whoever binds at the same moment may be refused only when it begins to listen."""
    return Taken(
        f"Nothing can listen on port {port} of {host} ({error.strerror}). {_UNTOUCHED} "
        "Stop the program that does, or choose another port: MOOTHALL_PORT, and --port for the demo."
    )


def _lock(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Taken(
            f"Another hub runs with the same studios ({folder}). {_UNTOUCHED} "
            "Stop that hub first, or give this one data of its own: MOOTHALL_DATA_DIR and MOOTHALL_RUN_DIR."
        ) from error
    return descriptor
