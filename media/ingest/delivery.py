"""One publisher's way to its studio: an ffmpeg child that demuxes, and the studio's feeds socket.

A studio that answers has a reason to cut the publisher off. One that dies is waited for: the next one gets
the stream where it is, and the encoder notices nothing.
"""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from media.control.ingest import StreamKey
from media.ingest.ending import Ending
from media.ingest.kept import Kept
from media.ingest.studio_line import CLOSED, STALL_SECONDS, STALLED, StudioLine

log = structlog.get_logger(__name__)

AWAY_SECONDS = 10.0
"""How long a studio that died is waited for."""
AGAIN_SECONDS = 0.05
FINISH_SECONDS = 2.0
"""What a child may take to pass on what it still has after its input ended."""
LAST_WORD_SECONDS = 0.5
BLOCK = 64 * 1024
LONGEST_COMPLAINT = 2000


class Undeliverable(Exception):  # noqa: N818  an answer, not a fault
    """The studio or the child could not be had; the message is a sentence for the publisher."""


class Publisher(Protocol):
    """Whoever sends, as the register of publishers sees it."""

    protocol: str

    def cut(self, sentence: str) -> None:
        """Hang up, and say why where the protocol has words for it."""


class Delivery:
    """Made by ``open``; must then ``run`` to its end; ``feed`` or a socket of its own fills the child."""

    def __init__(self, key: StreamKey, protocol: str, label: str, child: Process, line: StudioLine) -> None:
        self._key = key
        self._protocol = protocol
        self._label = label
        self._child = child
        self._line: StudioLine | None = line
        self._kept = Kept()
        self._found_at = asyncio.get_running_loop().time()
        self._until = 0.0
        self._cut: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._deadline: asyncio.TimerHandle | None = None
        self._complaint = b""
        self._passed = 0

    @classmethod
    async def open(cls, key: StreamKey, protocol: str, label: str, command: Sequence[str]) -> "Delivery":
        """Connect to the studio and start the child. Raises ``Undeliverable``."""
        try:
            line = await StudioLine.open(key)
        except OSError as error:
            raise Undeliverable("The meeting of this key has no studio running at the moment.") from error
        line.begin(key, protocol, label)
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
                line.abort()
        return cls(key, protocol, label, child, line)

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
        complaining = asyncio.create_task(self._keep_complaint())
        try:
            while True:
                ending = await self._attend(pumping)
                if ending is None and not await self._find_again(pumping):
                    ending = await self._why(pumping)
                if ending is not None:
                    return ending
        finally:
            if self._deadline is not None:
                self._deadline.cancel()
            pumping.cancel()
            await asyncio.gather(pumping, return_exceptions=True)
            await self._end_child()
            await complaining
            self._hang_up()

    def _end(self, ending: Ending) -> None:
        if not self._cut.done():
            self._cut.set_result(ending)

    async def _attend(self, pumping: "asyncio.Task[Ending | None]") -> Ending | None:
        """Until there is a reason to end, or ``None``: the studio went without a word."""
        line = self._line
        if line is None:
            return None
        listening = asyncio.create_task(line.last_word())
        try:
            await _first(pumping, listening, self._cut)
            if self._cut.done():
                return self._cut.result()
            if pumping.done() and not listening.done():
                return await self._after_pumping(line, pumping.result(), listening)
            word = listening.result()
            return CLOSED if word is None and pumping.done() else word
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _find_again(self, pumping: "asyncio.Task[Ending | None]") -> bool:
        """Connect to the studio that takes over. False when there is none in time, or no use for it."""
        loop = asyncio.get_running_loop()
        self._hang_up()
        log.info("studio_lost", source=self._key.source)
        # One that dies again soon is not waited for anew.
        if not self._until or loop.time() - self._found_at > AWAY_SECONDS:
            self._until = loop.time() + AWAY_SECONDS
        while loop.time() < self._until:
            await asyncio.wait(
                (pumping, self._cut), timeout=AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if pumping.done() or self._cut.done():
                return False
            with suppress(OSError):
                line = await StudioLine.open(self._key)
                return self._go_on(line)
        return False

    def _go_on(self, line: StudioLine) -> bool:
        """Nothing of the stream may come between what was kept and what follows."""
        kept = self._kept.begin()
        if not kept and self._passed:
            line.abort()
            return False
        line.begin(self._key, self._protocol, self._label, kept)
        self._line = line
        self._found_at = asyncio.get_running_loop().time()
        return True

    async def _why(self, pumping: "asyncio.Task[Ending | None]") -> Ending:
        """There is no studio to go on with."""
        if self._cut.done():
            return self._cut.result()
        if pumping.done():
            return pumping.result() or await self._judge_child()
        return CLOSED

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.abort()

    async def _after_pumping(
        self, line: StudioLine, ending: Ending | None, listening: "asyncio.Task[Ending | None]"
    ) -> Ending:
        """The stream ended: the studio may have a last word on it."""
        with suppress(OSError):
            line.finish()
        await _first(listening, self._cut, timeout=LAST_WORD_SECONDS)
        if self._cut.done():
            return self._cut.result()
        word = listening.result() if listening.done() else None
        if word is not None and word.known:
            return word
        return ending or await self._judge_child()

    async def _pump(self) -> Ending | None:
        """The child's stream to whichever studio there is, until it ends or is not taken any more."""
        stdout = self._child.stdout
        assert stdout is not None  # noqa: S101  it was started with pipes
        loop = asyncio.get_running_loop()
        while block := await stdout.read(BLOCK):
            self._kept.put(block, loop.time())
            line = self._line
            if line is None:
                continue
            line.write(block)
            try:
                await line.drain()
            except TimeoutError:
                return STALLED
            except ConnectionError:
                continue  # whoever listens to it finds out as well
            self._passed += len(block)
        return None

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
