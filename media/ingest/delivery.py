"""One publisher's way to its studio: an ffmpeg child that demuxes, and the studio's feeds socket.

The socket carries one JSON line (``Hello``), then the NUT stream. The studio may answer with one JSON line
``{"ok": false, "sentence": …}``: then the publisher is cut off with that sentence.
"""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from media.control.ingest import StreamKey

log = structlog.get_logger(__name__)

STALL_SECONDS = 2.0
"""A studio that takes nothing for so long loses the publisher."""
FINISH_SECONDS = 2.0
"""What a child may take to pass on what it still has after its input ended."""
LAST_WORD_SECONDS = 0.5
BLOCK = 64 * 1024
WRITE_HIGH = 256 * 1024
"""Bytes that may wait for the studio before the child is no longer read."""
LONGEST_ANSWER = 4096
LONGEST_COMPLAINT = 2000


class Undeliverable(Exception):  # noqa: N818  an answer, not a fault
    """The studio or the child could not be had; the message is a sentence for the publisher."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a delivery ended. ``known``: the hub knows it already, or it needs no telling."""

    sentence: str
    known: bool = False


class Publisher(Protocol):
    """Whoever sends, as the register of publishers sees it."""

    protocol: str

    def cut(self, sentence: str) -> None:
        """Hang up, and say why where the protocol has words for it."""


class Delivery:
    """Made by ``open``; must then ``run`` to its end; ``feed`` or a socket of its own fills the child."""

    def __init__(self, child: Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._child = child
        self._studio_reader = reader
        self._studio = writer
        self._cut: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._deadline: asyncio.TimerHandle | None = None
        self._complaint = b""
        self._passed = 0

    @classmethod
    async def open(cls, key: StreamKey, protocol: str, label: str, command: Sequence[str]) -> "Delivery":
        """Connect to the studio and start the child. Raises ``Undeliverable``."""
        try:
            reader, writer = await asyncio.open_unix_connection(key.feeds_socket, limit=LONGEST_ANSWER)
        except OSError as error:
            raise Undeliverable("The meeting of this key has no studio running at the moment.") from error
        hello = {"source": key.source, "protocol": protocol, "label": label}
        writer.write(json.dumps(hello).encode() + b"\n")
        writer.transport.set_write_buffer_limits(high=WRITE_HIGH)
        child: Process | None = None
        try:
            child = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=BLOCK
            )
        except OSError as error:
            log.error("ffmpeg_did_not_start", error=str(error))
            raise Undeliverable("The server cannot start its ffmpeg.") from error
        finally:
            if child is None:
                writer.transport.abort()
        return cls(child, reader, writer)

    @property
    def passed(self) -> int:
        """Bytes that went to the studio."""
        return self._passed

    def cut(self, sentence: str, *, known: bool = False) -> None:
        """End the delivery for this reason. The first reason counts."""
        self._end(Ending(sentence, known))

    async def feed(self, data: bytes) -> None:
        """Give the child bytes. Raises ``Undeliverable`` when it takes none for two seconds or is gone."""
        stdin = self._child.stdin
        assert stdin is not None  # noqa: S101  it was started with pipes
        stdin.write(data)
        try:
            async with asyncio.timeout(STALL_SECONDS):
                await stdin.drain()
        except TimeoutError as error:
            raise Undeliverable("The studio did not take the stream for two seconds.") from error
        except ConnectionError as error:
            raise Undeliverable("The stream could not be read.") from error

    def finish(self) -> None:
        """No more bytes will come. The child passes on what it has, and ``run`` returns."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        overdue = Ending("The stream could not be read to its end.")
        self._deadline = asyncio.get_running_loop().call_later(FINISH_SECONDS, self._end, overdue)

    async def run(self) -> Ending:
        """Pass on until the publisher, the child, the studio or a ``cut`` ends it; leaves nothing behind."""
        pumping = asyncio.create_task(self._pump())
        listening = asyncio.create_task(self._listen())
        complaining = asyncio.create_task(self._keep_complaint())
        try:
            await _first(pumping, listening, self._cut)
            if self._cut.done():
                return self._cut.result()
            if pumping.done() and not listening.done():
                return await self._after_pumping(pumping.result(), listening)
            return listening.result()
        finally:
            if self._deadline is not None:
                self._deadline.cancel()
            for task in (pumping, listening):
                task.cancel()
            await asyncio.gather(pumping, listening, return_exceptions=True)
            await self._end_child()
            await complaining
            self._studio.transport.abort()

    def _end(self, ending: Ending) -> None:
        if not self._cut.done():
            self._cut.set_result(ending)

    async def _after_pumping(self, ending: Ending | None, listening: "asyncio.Task[Ending]") -> Ending:
        """The stream ended or the socket broke: the studio may have a last word on it."""
        if self._studio.can_write_eof():
            with suppress(OSError):
                self._studio.write_eof()
        await _first(listening, self._cut, timeout=LAST_WORD_SECONDS)
        if self._cut.done():
            return self._cut.result()
        if listening.done() and listening.result().known:
            return listening.result()
        return ending or await self._judge_child()

    async def _pump(self) -> Ending | None:
        stdout = self._child.stdout
        assert stdout is not None  # noqa: S101  it was started with pipes
        while block := await stdout.read(BLOCK):
            self._studio.write(block)
            try:
                async with asyncio.timeout(STALL_SECONDS):
                    await self._studio.drain()
            except TimeoutError:
                return Ending("The studio did not take the stream for two seconds.")
            except ConnectionError:
                return Ending("The studio closed the connection.")
            self._passed += len(block)
        return None

    async def _listen(self) -> Ending:
        try:
            line = await self._studio_reader.readline()
            if line:
                answer = json.loads(line)
                return Ending(str(answer["sentence"]), known=True)
        except (ConnectionError, ValueError, KeyError, TypeError) as error:
            log.warning("studio_answer_lost", error=repr(error))
        return Ending("The studio closed the connection.")

    async def _judge_child(self) -> Ending:
        try:
            async with asyncio.timeout(FINISH_SECONDS):
                code = await self._child.wait()
        except TimeoutError:
            return Ending("The stream could not be read to its end.")
        if code == 0 and self._passed:
            return Ending("The publisher left.", known=True)
        log.info("demuxer_gave_up", code=code, complaint=self._complaint.decode("utf-8", "replace"))
        if not self._passed:
            return Ending("The stream held no picture and no sound that could be read.")
        return Ending("The stream broke off.")

    async def _keep_complaint(self) -> None:
        stderr = self._child.stderr
        assert stderr is not None  # noqa: S101  it was started with pipes
        while block := await stderr.read(BLOCK):
            self._complaint = (self._complaint + block)[-LONGEST_COMPLAINT:]

    async def _end_child(self) -> None:
        if self._child.stdin is not None:
            self._child.stdin.close()
        if self._child.returncode is None:
            with suppress(ProcessLookupError):
                self._child.kill()
        # A pipe whose reading was paused would never notice its end.
        if self._child.stdout is not None:
            while await self._child.stdout.read(BLOCK):
                pass
        await self._child.wait()


async def _first(
    *futures: asyncio.Future[Ending] | asyncio.Future[Ending | None], timeout: float | None = None
) -> None:
    await asyncio.wait(futures, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
