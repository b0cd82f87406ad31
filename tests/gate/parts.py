"""One meeting without a hub, for copies of the engine with a fault in them.

The studio is a process, kept running as a hub would; so is the ingest process, where there is an encoder.
Packager, recorder and relay, which have no fault, run in the test's own process, which has imported them
already. The test plays clerk and database.
"""

import asyncio
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

from hub.settings import Settings
from hub.supervision.plans import JOURNAL
from hub.supervision.process import MediaProcess, ProcessPlan
from media.bus import BusAddress, subscribe
from media.client.engine import Audio
from media.clock import SystemClock
from media.config import IngestConfig, PackagerConfig, RecorderConfig, RelayConfig, StudioConfig
from media.control.ingest import GetIngestStatus, SetKeys, StreamKey
from media.control.relay import OpenViewer, Rendition
from media.control.studio import GateState, GetStatus, SetGate, SlateText
from media.hls.process import Packager
from media.recorder.process import Recorder
from media.relay.__main__ import run as run_relay
from media.sources.desk import CHAMBER
from tests.gate.encoder import Protocol
from tests.gate.meeting import CAPTIONS, LANGUAGE, Meeting
from tests.support.channel import ask
from tests.support.processes import send
from tests.support.waiting import until

START_SECONDS = 60.0
INGEST, RELAY = "ingest", "relay"
KEY = "key-of-the-chamber"
OPEN = SlateText(title="The meeting is open")
STATES = {
    "meeting.private": GateState.PRIVATE,
    "meeting.adjourn": GateState.ADJOURNED,
    "meeting.suspend": GateState.PRIVATE,
    "meeting.technical": GateState.TECHNICAL,
    "gate.cut": GateState.TECHNICAL,
}


class Parts(Meeting):
    """Use as an async context manager. ``code``: a folder with the studio's packages.

    ``spare``: whether a second studio waits, so that one that is killed is replaced at once. ``encoder``:
    how the chamber comes, where it is not by WHIP.
    """

    by_hub = False

    def __init__(
        self, directory: Path, code: Path, delay: int = 0, *, spare: bool, encoder: Protocol | None = None
    ) -> None:
        directory.mkdir(parents=True)
        self._sockets = Path(tempfile.mkdtemp(prefix="moot-gate-"))
        super().__init__(Settings(data_dir=directory, run_dir=self._sockets), "2030-01-01-meeting")
        self._folder = self.settings.meeting_dir(self.ref)
        environment = {"PYTHONPATH": str(code), "PYTHONSAFEPATH": "1"}
        self._studio = self._make_studio(environment, delay, spare=spare)
        self._protocol = encoder
        self._ingest = self._make_ingest() if encoder else None
        self._leave = asyncio.Event()
        self._stops: list[Callable[[], None]] = []
        self._running: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Parts":
        self._folder.mkdir(parents=True)
        self._studio.start()
        try:
            await self._studio.call(GetStatus(), START_SECONDS)
            self._running = [asyncio.create_task(part) for part in self._parts()]
            for socket in (self._sockets / name for name in ("packager", "recorder", RELAY)):
                await until(socket.exists, socket.name, START_SECONDS)
            if self._ingest is not None:
                await self._open_door(self._ingest)
            await self.do("meeting.return")
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leave.set()
        for stop in self._stops:
            stop()
        await asyncio.gather(*self._running)
        if self._ingest is not None:
            await self._ingest.stop()
        await self._studio.stop()
        shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def hub_lives(self) -> bool:
        return True

    def log(self) -> str:
        """The end of what the processes wrote."""
        logs = sorted(self._sockets.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in logs)

    async def do(self, name: str, **payload: object) -> None:
        state = STATES.get(name, GateState.OPEN)
        slate = OPEN if state is GateState.OPEN else SlateText(title=state.value)
        await self.studio(SetGate(state=state, slate=slate, reason="", by="test", confirmed=True))

    async def viewer(self, sdp: str, audio: Audio, rendition: Rendition) -> str:
        offer = OpenViewer(meeting=self.name, sdp=sdp, audio=audio, rendition=rendition)
        return (await ask(self._sockets / RELAY, offer)).sdp

    def kill(self, module: str) -> int:
        self._note(module)
        return len(send(signal.SIGKILL, self.pids(module)))

    def pids(self, module: str) -> list[int]:
        assert module == "media.studio", "the other parts are in this process"
        return [int((self._sockets / f"{self._studio.plan.name}.pid").read_text())]

    async def kill_hub(self) -> int:
        return 0

    async def until_hub(self) -> None:
        """Somebody can always press something."""

    async def until_told(self) -> None:
        """There is no page."""

    def _make_ingest(self) -> MediaProcess:
        config = IngestConfig(control_socket=self._sockets / INGEST, rtmp_port=0, srt_port=0)
        return MediaProcess(ProcessPlan(INGEST, "media.ingest", config, self._sockets, GetIngestStatus()))

    async def _open_door(self, ingest: MediaProcess) -> None:
        ingest.start()
        key = StreamKey(key=KEY, source=CHAMBER, feeds_socket=str(self._feeds))
        await ingest.call(SetKeys(keys=[key]), START_SECONDS)
        status = await ingest.call(GetIngestStatus())
        by_rtmp = f"rtmp://127.0.0.1:{status.rtmp_port}/live/{KEY}"
        by_srt = f"srt://127.0.0.1:{status.srt_port}?streamid={KEY}"
        self.encoder = by_rtmp if self._protocol == "rtmp" else by_srt

    @property
    def _feeds(self) -> Path:
        return self._sockets / f"{self.name}.feeds"

    def _make_studio(self, environment: dict[str, str], delay: int, *, spare: bool) -> MediaProcess:
        name = f"{self.name}.studio"
        config = StudioConfig(
            control_socket=self._sockets / name,
            meeting=self.name,
            bus_url=self.settings.bus_url(self.name),
            feeds_socket=self._feeds,
            journal=self._folder / JOURNAL,
            council="Ouseby City Council",
            waiting_slate=SlateText(title="The meeting will start shortly", kind="starting"),
            delay_seconds=delay,
            interpreted_language=LANGUAGE,
            captions_language=CAPTIONS,
        )
        plan = ProcessPlan(
            name, "media.studio", config, self._sockets, GetStatus(), environment=environment, spare=spare
        )
        return MediaProcess(plan)

    def _parts(self) -> list[Coroutine[None, None, None]]:
        bus = self.settings.bus_url(self.name)
        packaging = PackagerConfig(
            control_socket=self._sockets / "packager",
            meeting=self.name,
            bus_url=bus,
            directory=self._folder / "hls",
            http_socket=self.hls_socket,
            interpreted_language=LANGUAGE,
            captions_language=CAPTIONS,
        )
        recording = RecorderConfig(
            control_socket=self._sockets / "recorder",
            meeting=self.name,
            bus_url=bus,
            directory=self.recording,
            interpreted_language=LANGUAGE,
            captions_language=CAPTIONS,
        )
        relaying = RelayConfig(
            control_socket=self._sockets / RELAY, bus_url_pattern=self.settings.bus_url("{meeting}")
        )
        clock = SystemClock()
        packager = Packager(packaging, subscribe(BusAddress(bus)), clock, secrets.token_hex(4), farewell=0.0)
        recorder = Recorder(recording, subscribe(BusAddress(bus)), clock)
        self._stops = [packager.stop, recorder.stop]
        return [packager.run(), recorder.run(), run_relay(relaying, self._leave)]
