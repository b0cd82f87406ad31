"""A ModGov on loopback. It serves the stored answers, and misbehaves on request the way real ones do."""

import re
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

DATA = Path(__file__).parent.parent / "data" / "modgov"
COMMITTEE = 144
MEETING = 4967
CANCELLED = 4966
VARIANTS = 5001
_UK_DATE = re.compile(r"\d{2}/\d{2}/\d{4}")
_MINUTES = re.compile(r"<minutesnonemptyhtmlbody>.*?</minutesnonemptyhtmlbody>", re.DOTALL)
_DUMPED = 5000


class Trouble(StrEnum):
    """What real systems do."""

    NONE = "none"
    PAGE = "page"
    """A web page instead of XML, with status 200."""
    TRUNCATED = "truncated"
    ONLY_COUNT = "only_count"
    REFUSED = "refused"
    """403, as a firewall answers."""
    CUT_OFF = "cut_off"
    """The connection closes in the middle of the answer."""
    BINARY = "binary"


class ModGovServer:
    """Use as an async context manager; ``base_url`` is what a clerk would give to the import."""

    def __init__(
        self, *, minutes_published: bool = False, meeting_date: str = "10/02/2026", time: str = "10.00 am"
    ) -> None:
        self.minutes_published = minutes_published
        """Switch it on and import again: meeting 4967 has its minutes."""
        self.meeting_date = meeting_date
        """``dd/mm/yyyy`` of meeting 4967."""
        self.time = time
        self.trouble = Trouble.NONE
        self.troubled_operation = ""
        """The operation (lower case) that the trouble is about; "" for all."""
        self.without_item = 0
        """An ``agendaitemid`` that has gone from the agenda of meeting 4967."""
        self.troubled_meeting = 0
        """The meeting that the trouble is about; 0 for all."""
        self.dump_always = False
        """Answer every ``GetMeetings`` with everything there ever was, as for dates it cannot read."""
        self.listed = MEETING
        """The meeting that ``GetMeetings`` lists on ``meeting_date``."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.agents: set[str] = set()
        self._runner: web.AppRunner | None = None
        self.base_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/democracy/{service}/{operation}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/democracy"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        operation = request.match_info["operation"].lower()
        query = {name.lower(): value for name, value in request.query.items()}
        self.asked.append((operation, dict(request.query)))
        self.agents.add(request.headers.get("User-Agent", ""))
        body = self._body(operation, query)
        if body is None:
            return web.Response(status=500, text=f"{operation} Web Service method name is not valid.")
        about = int(query.get("lmeetingid", "0"))
        if self.troubled_operation in ("", operation) and self.troubled_meeting in (0, about):
            return await self._troubled(request, body)
        return _xml(body)

    def _body(self, operation: str, query: dict[str, str]) -> str | None:
        if operation == "getcommittees":
            return _read("committees.xml")
        if operation == "getmeetings":
            return self._meetings(query)
        if operation == "getmeeting":
            return self._meeting(int(query["lmeetingid"]))
        return None

    def _meetings(self, query: dict[str, str]) -> str:
        before, after = _read("meetings.xml").split("10/02/2026")
        text = before + self.meeting_date + after.replace("10.00 am", self.time, 1)
        text = text.replace(str(MEETING), str(self.listed))
        if not self.dump_always and all(
            _UK_DATE.fullmatch(query.get(name, "")) for name in ("sfromdate", "stodate")
        ):
            return text
        old = "<meeting><meetingid>{}</meetingid><meetingdate>01/01/1999</meetingdate></meeting>"
        dump = "".join(old.format(90_000 + number) for number in range(_DUMPED))
        return text.replace("</committeemeetings>", f"{dump}</committeemeetings>")

    def _meeting(self, meeting_id: int) -> str | None:
        if meeting_id == CANCELLED:
            return _read("meeting_no_minutes.xml")
        if meeting_id == VARIANTS:
            return _read("meeting_variants.xml")
        if meeting_id != MEETING:
            return None
        text = _read("meeting_with_minutes.xml").replace("10/02/2026", self.meeting_date)
        text = text.replace("<meetingtime>10.00 am", f"<meetingtime>{self.time}")
        if not self.minutes_published:
            text = _MINUTES.sub("", text)
            text = text.replace("<isminutepublished>True", "<isminutepublished>False")
            text = text.replace("<minutepublished>True", "<minutepublished>False")
        if self.without_item:
            text = re.sub(
                rf"<agendaitem>\s*<agendaitemid>{self.without_item}</agendaitemid>.*?</agendaitem>",
                "",
                text,
                flags=re.DOTALL,
            )
        return text

    async def _troubled(self, request: web.Request, body: str) -> web.StreamResponse:
        match self.trouble:
            case Trouble.PAGE:
                return web.Response(text=_read("page_instead.html"), content_type="text/html")
            case Trouble.TRUNCATED:
                return _xml(body[: len(body) // 2])
            case Trouble.ONLY_COUNT:
                return _xml(_read("meetings_only_count.xml"))
            case Trouble.REFUSED:
                return web.Response(status=403, text="Forbidden")
            case Trouble.BINARY:
                return web.Response(body=b"\xff\xfe\x00\x01" * 40, content_type="text/xml")
            case Trouble.CUT_OFF:
                response = web.StreamResponse(headers={"Content-Length": str(len(body) * 2)})
                await response.prepare(request)
                await response.write(body.encode())
                if request.transport is not None:
                    request.transport.close()
                return response
            case Trouble.NONE:
                return _xml(body)


def _xml(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/xml", charset="utf-8")


def _read(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")
