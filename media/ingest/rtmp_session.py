"""One RTMP connection: handshake, ``connect``, ``publish`` with a good key, then media to its end."""

import asyncio
from contextlib import suppress

import structlog

from media import ffmpeg
from media.control.ingest import StreamKey
from media.ingest import amf, flv, rtmp_wire
from media.ingest.amf import AmfError, Value
from media.ingest.chunks import ChunkError, ChunkReader, Kind, RtmpMessage
from media.ingest.delivery import Delivery, Undeliverable
from media.ingest.door import WRONG_KEY, Door, label
from media.ingest.ending import Ending
from media.ingest.register import Full

log = structlog.get_logger(__name__)

APP = "live"
OPENING_SECONDS = 10.0
"""From the first byte to ``publish``."""
IDLE_SECONDS = 10.0
FAREWELL_SECONDS = 1.0
"""How long a refused publisher is given to read why."""

_DENIED = "NetStream.Publish.Denied"
_FAILED = "NetStream.Publish.Failed"
_NOT_RTMP = "What arrived is not RTMP."


class _TurnedAway(Exception):  # noqa: N818  an answer, not a fault
    """Refuse, and say why; ``words`` is the protocol's way of saying it."""

    def __init__(self, sentence: str, words: bytes = b"", *, known: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.words = words
        self.known = known


class RtmpSession:
    """Serves one connection to its end; raises nothing, leaves nothing open."""

    protocol = "rtmp"

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str, door: Door
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._address = address
        self._door = door
        self._chunks = ChunkReader(reader)
        self._acknowledged = 0
        self._tags = flv.Tags()
        self._changed = False
        self._delivery: Delivery | None = None
        self._cut: str | None = None

    def cut(self, sentence: str) -> None:
        """See ``Publisher.cut``."""
        self._cut = sentence
        if self._delivery is not None:
            self._delivery.cut(sentence)

    async def serve(self) -> None:
        """Until the connection has ended, for whatever reason."""
        try:
            await self._serve()
        except _TurnedAway as refusal:
            if not refusal.known:
                self._door.refusals.tell(self.protocol, self._address, refusal.sentence)
            await self._say_farewell(refusal.words)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            log.debug("rtmp_connection_lost", address=self._address, error=repr(error))
        finally:
            self._writer.transport.abort()

    async def _serve(self) -> None:
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                await rtmp_wire.shake_hands(self._reader, self._writer)
                key = await self._publish_request()
        except (rtmp_wire.NotRtmp, ChunkError, AmfError) as error:
            raise _TurnedAway(_NOT_RTMP) from error
        try:
            with self._door.register.enter(key, self):
                ending = await self._relay(key)
        except (Full, Undeliverable) as error:
            raise _denied(str(error)) from error
        words = rtmp_wire.status("error", _FAILED, ending.sentence)
        raise _TurnedAway(ending.sentence, words, known=ending.known)

    async def _publish_request(self) -> StreamKey:
        """Answer commands until ``publish`` names a good key."""
        while True:
            message = await self._next()
            if message is None:
                continue
            name, transaction, arguments = _command(message)
            match name:
                case "connect":
                    self._writer.write(_answer_connect(transaction, arguments))
                case "releaseStream" | "FCPublish":
                    self._writer.write(rtmp_wire.command(0, "_result", transaction, None))
                case "createStream":
                    stream = float(rtmp_wire.STREAM)
                    self._writer.write(rtmp_wire.command(0, "_result", transaction, None, stream))
                case "publish":
                    return self._check_key(arguments)
                case "play" | "play2":
                    raise _denied("This address takes publishers only; watch on the meeting's page.")
            await self._writer.drain()

    def _check_key(self, arguments: list[Value]) -> StreamKey:
        offered = arguments[1] if len(arguments) > 1 else None
        if not isinstance(offered, str):
            raise _denied("The stream key is missing.")
        # Some encoders append parameters of their own to the name.
        key = self._door.keys.find(offered.partition("?")[0])
        if key is None:
            if (too_many := self._door.wrong_key(self._address)) is not None:
                raise _denied(too_many, known=True)
            raise _denied(WRONG_KEY)
        return key

    async def _relay(self, key: StreamKey) -> Ending:
        """One delivery after the other, as often as the encoder changes its codecs."""
        self._writer.write(rtmp_wire.publishing())
        self._chunks.media_allowed = True
        while True:
            self._changed = False
            ending = await self._deliver(key)
            if not self._changed or self._cut is not None:
                return ending
            log.info("rtmp_codecs_changed", address=self._address)

    async def _deliver(self, key: StreamKey) -> Ending:
        delivery = await Delivery.open(
            key, self.protocol, label(self.protocol, self._address), ffmpeg.flv_to_nut()
        )
        self._delivery = delivery
        if self._cut is not None:
            delivery.cut(self._cut)
        forwarding = asyncio.create_task(self._forward(delivery))
        try:
            return await delivery.run()
        finally:
            forwarding.cancel()
            await asyncio.gather(forwarding, return_exceptions=True)

    async def _forward(self, delivery: Delivery) -> None:
        try:
            await delivery.feed(self._tags.begin())
            while await self._forward_one(delivery):
                pass
            delivery.finish()
        except flv.CodecChanged:
            self._changed = True
            delivery.cut("The encoder changed its codecs.", known=True)
        except TimeoutError:
            delivery.cut(f"Nothing arrived for {IDLE_SECONDS:.0f} seconds.")
        except (OSError, asyncio.IncompleteReadError):
            delivery.finish()
        except (ChunkError, AmfError):
            delivery.cut("The stream is damaged: it broke the rules of RTMP.")
        except Undeliverable as error:
            delivery.cut(str(error))

    async def _forward_one(self, delivery: Delivery) -> bool:
        """Pass on the next message. False when the publisher says it is done."""
        async with asyncio.timeout(IDLE_SECONDS):
            message = await self._next()
        if message is None:
            return True
        if message.kind in (Kind.COMMAND, Kind.COMMAND_AMF3):
            return _command(message)[0] not in ("FCUnpublish", "deleteStream", "closeStream")
        if message.kind == Kind.AGGREGATE:
            raise Undeliverable("The encoder sends aggregate messages, which are not taken.")
        tags = self._tags.put(message)
        if tags:
            await delivery.feed(tags)
        return True

    async def _next(self) -> RtmpMessage | None:
        """The next message; ``None`` when it was one for the connection itself."""
        message = await self._chunks.read()
        if self._chunks.received - self._acknowledged >= rtmp_wire.WINDOW // 2:
            self._acknowledged = self._chunks.received
            self._writer.write(rtmp_wire.control(Kind.ACKNOWLEDGEMENT, self._acknowledged & 0xFFFFFFFF))
            await self._writer.drain()
        if message.kind == Kind.USER_CONTROL:
            self._writer.write(rtmp_wire.pong(message))
            await self._writer.drain()
        media = (Kind.AUDIO, Kind.VIDEO, Kind.DATA, Kind.AGGREGATE)
        return message if message.kind in (*media, Kind.COMMAND, Kind.COMMAND_AMF3) else None

    async def _say_farewell(self, words: bytes) -> None:
        """Closing with bytes unread would reset the connection before the publisher has read why."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                self._writer.write(words)
                await self._writer.drain()
                self._writer.write_eof()
                while await self._reader.read(65536):
                    pass


def _command(message: RtmpMessage) -> tuple[str, Value, list[Value]]:
    """Name, transaction and arguments; no name for what is not a command. Raises ``AmfError``."""
    if message.kind not in (Kind.COMMAND, Kind.COMMAND_AMF3):
        return "", None, []
    # The AMF3 form is a zero byte and then AMF0, from everybody who still sends it.
    values = amf.decode(message.body[1:] if message.kind == Kind.COMMAND_AMF3 else message.body)
    if not values or not isinstance(values[0], str):
        raise AmfError("a command without a name")
    return values[0], values[1] if len(values) > 1 else None, values[2:]


def _answer_connect(transaction: Value, arguments: list[Value]) -> bytes:
    what = arguments[0] if arguments else None
    app = what.get("app") if isinstance(what, dict) else None
    if not isinstance(app, str) or app.partition("?")[0].strip("/") != APP:
        sentence = f"The address ends in /{APP}/ and the stream key; this one does not."
        raise _TurnedAway(sentence, rtmp_wire.connection_refused(transaction, sentence))
    return rtmp_wire.welcome(transaction)


def _denied(sentence: str, *, known: bool = False) -> _TurnedAway:
    return _TurnedAway(sentence, rtmp_wire.status("error", _DENIED, sentence), known=known)
