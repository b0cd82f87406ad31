"""An answer whose bytes are there already; aiohttp would put them together anew for each of many."""

from email.utils import formatdate
from http import HTTPStatus

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.abc import AbstractStreamWriter


class Made(web.StreamResponse):
    """What is written is what it was given, head and body. Only for those who ``may_have`` it."""

    def __init__(self, status: int, *pieces: bytes) -> None:
        super().__init__(status=status)
        self._pieces = pieces
        self._connection: AbstractStreamWriter | None = None

    @property
    def keep_alive(self) -> bool:
        """The connection goes on."""
        return True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter:
        """Write everything. Raises ``ConnectionResetError``."""
        if request.transport is None or request.transport.is_closing():
            raise ConnectionResetError("Nobody is there any more")
        self._connection = request.writer
        request.transport.writelines(self._pieces)
        return self._connection

    async def write_eof(self, data: bytes = b"") -> None:
        """Wait until the next answer may be written: whoever does not read gets no more."""
        if self._connection is not None:
            await self._connection.drain()


def may_have(request: web.Request) -> bool:
    """Whether it is an ordinary GET on a connection that goes on."""
    return request.method == hdrs.METH_GET and request.version == HttpVersion11 and bool(request.keep_alive)


async def head_of(request: web.Request, status: int, headers: dict[str, str], length: int) -> bytes:
    """Status line and headers, with those that every answer of the site gets, without the empty line."""
    answer = web.Response(status=status, headers=headers)
    for signal in request.app.on_response_prepare:
        await signal(request, answer)
    answer.headers[hdrs.DATE] = formatdate(usegmt=True)
    answer.headers[hdrs.CONTENT_LENGTH] = str(length)
    lines = (f"{name}: {value}\r\n" for name, value in answer.headers.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{''.join(lines)}".encode()
