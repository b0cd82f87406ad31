"""Asks ModGov, politely: one request at a time, with a pause between them, and saying who we are."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from http import HTTPStatus
from importlib.metadata import version
from types import TracebackType
from typing import Self

import aiohttp

from hub.adapters.modgov import parse
from hub.adapters.modgov.errors import ModGovError
from hub.domain.imported import ImportedMeeting

PAUSE_SECONDS = 0.5
TIMEOUT_SECONDS = 30.0
BYTES_AT_MOST = 16 * 1024 * 1024
_CHUNK = 64 * 1024

Pause = Callable[[float], Awaitable[object]]


class ModGovClient:
    """A session with one ModGov. ``base_url`` is the directory that holds ``mgWebService.asmx``."""

    def __init__(
        self, base_url: str, *, pause: Pause = asyncio.sleep, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self.base_url = base_url.strip().rstrip("/")
        if not self.base_url.startswith(("http://", "https://")):
            raise ModGovError(f"{base_url!r} is not a web address: it must start with https:// or http://.")
        self._pause = pause
        self._asked = False
        self._session = aiohttp.ClientSession(
            headers={"User-Agent": f"MootHall/{version('moothall')} (agenda import)", "Accept": "text/xml"},
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def meetings(
        self, committee_id: int, date_from: date, date_to: date
    ) -> tuple[str, list[parse.ListedMeeting]]:
        """The committee's title and its meetings of these days, both included. Raises ``ModGovError``.

        ModGov ignores dates it cannot read and sends everything, so the days are looked at here again.
        """
        asked = {
            "lCommitteeId": str(committee_id),
            "sFromDate": f"{date_from:%d/%m/%Y}",
            "sToDate": f"{date_to:%d/%m/%Y}",
        }
        body, where = await self._ask("GetMeetings", asked)
        title, listed = parse.meetings(body, where)
        return title, [meeting for meeting in listed if date_from <= meeting.day <= date_to]

    async def meeting(self, meeting_id: int) -> ImportedMeeting | None:
        """One meeting with its agenda; None when ModGov does not show it. Raises ``ModGovError``."""
        body, where = await self._ask("GetMeeting", {"lMeetingId": str(meeting_id)})
        meeting = parse.meeting(body, self.base_url, where)
        if meeting is not None and meeting.modgov_id != meeting_id:
            raise ModGovError(f"{where}: the answer is about meeting {meeting.modgov_id}.")
        return meeting

    async def _ask(self, operation: str, asked: Mapping[str, str]) -> tuple[bytes, str]:
        if self._asked:
            await self._pause(PAUSE_SECONDS)
        self._asked = True
        where = f"{operation}({', '.join(asked.values())}) at {self.base_url}"
        url = f"{self.base_url}/mgWebService.asmx/{operation}"
        try:
            async with self._session.get(url, params=asked) as response:
                if response.status != HTTPStatus.OK:
                    raise ModGovError(
                        f"{where}: it answered {response.status} {response.reason or ''}".rstrip() + "."
                    )
                return await self._body(response, where), where
        except TimeoutError as error:
            raise ModGovError(
                f"{where}: no complete answer within {self._session.timeout.total:g} seconds."
            ) from error
        except aiohttp.ClientError as error:
            raise ModGovError(f"{where}: it cannot be reached ({error}).") from error

    async def _body(self, response: aiohttp.ClientResponse, where: str) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > BYTES_AT_MOST:
                raise ModGovError(f"{where}: the answer is larger than {BYTES_AT_MOST // 1024 // 1024} MB.")
        return bytes(body)
