"""Packets arrive whole and in order, with the kernel's segmentation and without it."""

import errno
import os
import socket
from collections.abc import Iterator

import pytest

from media.relay.segments import SEGMENTS, runs
from media.relay.send import Sender


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([5], [[5]]),
        ([9, 9, 9, 4], [[9, 9, 9, 4]]),
        ([9, 4, 9, 9], [[9, 4], [9, 9]]),
        ([4, 9, 9], [[4], [9, 9]]),
        ([9, 9, 4, 4, 4], [[9, 9, 4], [4, 4]]),
        ([1000] * 130, [[1000] * 64, [1000] * 64, [1000] * 2]),
        ([1200] * 60, [[1200] * 54, [1200] * 6]),
    ],
)
def test_a_run_has_one_size_but_for_its_last(sizes: list[int], expected: list[list[int]]) -> None:
    made = list(runs([bytes(size) for size in sizes]))
    assert [[len(packet) for packet in run.packets] for run in made] == expected
    assert all(len(run.packets) <= SEGMENTS for run in made)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving,
    ):
        for sock in (sending, receiving):
            sock.bind(("127.0.0.1", 0))
        sending.setblocking(False)
        receiving.settimeout(10)
        yield sending, receiving


@pytest.mark.parametrize("segmentation", [True, False])
def test_what_is_sent_arrives(pair: tuple[socket.socket, socket.socket], segmentation: bool) -> None:
    sending, receiving = pair
    sender = Sender(sending, segmentation=segmentation)
    packets = [bytes([number]) * size for number, size in enumerate([1100] * 20 + [300, 90, 1100, 1100])]
    assert sender.send(runs(packets), receiving.getsockname())
    assert [receiving.recv(2048) for _ in packets] == packets
    assert sender.packets == len(packets)


def test_a_refused_segmentation_is_not_tried_again(pair: tuple[socket.socket, socket.socket]) -> None:
    sending, receiving = pair
    packets = [b"a" * 300] * 3
    with _OldKernelSocket(sending) as refusing:
        sender = Sender(refusing)
        for _ in range(2):
            assert sender.send(runs(packets), receiving.getsockname())
            assert [receiving.recv(2048) for _ in packets] == packets
        assert not sender.segmentation
        assert refusing.refused == 1


def test_a_full_socket_is_told(pair: tuple[socket.socket, socket.socket]) -> None:
    sending, receiving = pair
    with _FullSocket(sending) as full:
        assert not Sender(full).send(runs([b"a", b"b"]), receiving.getsockname())


class _OldKernelSocket(socket.socket):
    """A real socket on a kernel that knows no segmentation."""

    def __init__(self, original: socket.socket) -> None:
        super().__init__(original.family, original.type, fileno=os.dup(original.fileno()))
        self.refused = 0

    def sendmsg(self, *_: object) -> int:
        self.refused += 1
        raise OSError(errno.EINVAL, "Invalid argument")


class _FullSocket(_OldKernelSocket):
    """A real socket whose buffer is full."""

    def sendto(self, *_: object) -> int:
        raise BlockingIOError

    def sendmsg(self, *_: object) -> int:
        raise BlockingIOError
