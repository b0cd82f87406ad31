"""Everything that looks at one meeting from outside, from its beginning to after its end."""

import asyncio
from collections import Counter
from collections.abc import Callable

from tests.gate.afterwards import Afterwards
from tests.gate.council import HubMeeting
from tests.gate.hls import HlsKeeper
from tests.gate.judge import Judge
from tests.gate.marks import Mark
from tests.gate.meeting import Meeting
from tests.gate.pages import Audience, Pages
from tests.gate.stills import Stills
from tests.gate.tap import Tap
from tests.gate.viewers import Viewer
from tests.gate.ways import Way
from tests.support.waiting import sent_away


class Search:
    """Made inside a running event loop. ``closed``: whether for certain nothing but the slate can come."""

    def __init__(self, meeting: Meeting, judge: Judge, closed: Callable[[], bool]) -> None:
        self._meeting = meeting
        self._judge = judge
        ways = [Way.by_socket(meeting.hls_socket)]
        if isinstance(meeting, HubMeeting):
            ways.append(Way("the public address", f"{meeting.address}/hls/"))
        self.tap = Tap(meeting.settings.bus_url(meeting.name))
        self.hls = HlsKeeper(ways, judge, lambda: meeting.kills, self.tap.between, lambda: meeting.bus_kills)
        self.viewer = Viewer(judge, meeting, ("audio", "video"))
        self.listener = Viewer(judge, meeting, ("audio",), audio="interpreted")
        self.small = Viewer(judge, meeting, ("video",), rendition="360p")
        """Who asked for the small picture."""
        self.blind = Viewer(judge, meeting, ("audio", "video"), rendition="sound")
        """Who asked for the sound alone, and offered to take a picture."""
        self.stills = Stills(judge, closed)
        self.pages: Pages | None = None
        self.audience: Audience | None = None
        self.afterwards: Counter[str] = Counter()
        """What was searched after the end, by name."""
        if isinstance(meeting, HubMeeting):
            self.pages = Pages(meeting, judge, self.stills, closed)
            self.audience = Audience(meeting, self.pages)
        self._looking = asyncio.create_task(self.hls.keep_looking(), name="look at HLS")

    @property
    def viewers(self) -> tuple[Viewer, ...]:
        """All by WHEP."""
        return self.viewer, self.listener, self.small, self.blind

    def has_the_room(self) -> bool:
        """Whether everybody who looks or listens by WHEP has had the room."""
        return all(viewer.marks[Mark.ROOM] for viewer in (self.viewer, self.small, self.blind))

    async def look(self) -> None:
        """At what must be asked for; media is looked at all the time."""
        if self.pages is not None:
            await self.pages.look()
        else:
            await self.stills.take(self._meeting)

    async def finish(self) -> None:
        """Look at all that is left, and leave."""
        await sent_away(self._looking)
        await self.hls.finish()
        await self.tap.close()
        for viewer in self.viewers:
            await viewer.close()
        if self.audience is not None:
            await self.audience.close()
        await asyncio.to_thread(self._recording)

    async def look_back(self) -> None:
        """At the published recording of a meeting that has ended."""
        if isinstance(self._meeting, HubMeeting) and self.pages is not None:
            after = Afterwards(self._meeting, self._judge, self.pages)
            await after.look()
            self.afterwards = after.searched

    def _recording(self) -> None:
        folder = self._meeting.recording
        for path in sorted([*folder.glob("*.mp4"), *folder.glob("*.vtt")]):
            self._judge.media("recording on disk", path.name, path.read_bytes())
