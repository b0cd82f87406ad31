"""One meeting without a hub: studio, packager, recorder and relay, kept running as a hub would.

For copies of the program with a fault in them. The test has the part of the clerk and of the database.
"""

import asyncio
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

from hub.settings import Settings
from hub.supervision.process import MediaProcess, ProcessPlan
from media.client.engine import Audio
from media.config import PackagerConfig, ProcessConfig, RecorderConfig, RelayConfig, StudioConfig
from media.control.command import Command
from media.control.recorder import GetPackagerStatus, GetRecorderStatus
from media.control.relay import GetRelayStatus, OpenViewer
from media.control.studio import GateState, GetStatus, SetGate, SlateText
from tests.gate.meeting import LANGUAGE, Meeting, ask
from tests.support.processes import send

OPEN = SlateText(title="The meeting is open")
NAMES = {"media.hls": "packager", "media.recorder": "recorder"}
STATES = {
    "meeting.private": GateState.PRIVATE,
    "meeting.adjourn": GateState.ADJOURNED,
    "meeting.suspend": GateState.PRIVATE,
    "meeting.technical": GateState.TECHNICAL,
    "gate.cut": GateState.TECHNICAL,
}


class Parts(Meeting):
    """Use as an async context manager. ``code``: a folder with the packages to run.

    ``spare``: whether a second studio waits, so that one that is killed is replaced at once.
    """

    by_hub = False

    def __init__(self, directory: Path, code: Path, delay: int = 0, *, spare: bool) -> None:
        directory.mkdir(parents=True)
        self._sockets = Path(tempfile.mkdtemp(prefix="moot-gate-"))
        super().__init__(Settings(data_dir=directory, run_dir=self._sockets), "2030-01-01-meeting")
        self._environment = {"PYTHONPATH": str(code), "PYTHONSAFEPATH": "1"}
        self._delay = delay
        self._spare = spare
        self._folder = self.settings.meeting_dir(self.ref)
        self._processes: dict[str, MediaProcess] = {}

    async def __aenter__(self) -> "Parts":
        self._folder.mkdir(parents=True)
        for module, health in (
            ("media.studio", GetStatus()),
            ("media.hls", GetPackagerStatus()),
            ("media.recorder", GetRecorderStatus()),
            ("media.relay", GetRelayStatus()),
        ):
            self._processes[module] = self._keep(module, health)
        try:
            await asyncio.gather(*(one.call(one.plan.health, 60.0) for one in self._processes.values()))
            await self.do("meeting.return")
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(one.stop() for one in self._processes.values()))
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

    async def viewer(self, sdp: str, audio: Audio) -> str:
        offer = OpenViewer(meeting=self.name, sdp=sdp, audio=audio)
        return (await ask(self._sockets / "relay", offer)).sdp

    def kill(self, module: str) -> None:
        send(signal.SIGKILL, self.pids(module))

    def pids(self, module: str) -> list[int]:
        return [int((self._sockets / f"{self._processes[module].plan.name}.pid").read_text())]

    async def kill_hub(self) -> None:
        """There is none."""

    async def until_hub(self) -> None:
        """Somebody can always press something."""

    def _keep(self, module: str, health: Command[Any]) -> MediaProcess:
        name = "relay" if module == "media.relay" else f"{self.name}.{NAMES.get(module, 'studio')}"
        config = self._config(module, self._sockets / name)
        plan = ProcessPlan(name, module, config, self._sockets, health, environment=self._environment)
        plan.spare = self._spare and module == "media.studio"
        process = MediaProcess(plan)
        process.start()
        return process

    def _config(self, module: str, socket: Path) -> ProcessConfig:
        bus = self.settings.bus_url(self.name)
        match module:
            case "media.studio":
                return StudioConfig(
                    control_socket=socket,
                    meeting=self.name,
                    bus_url=bus,
                    feeds_socket=self._sockets / f"{self.name}.feeds",
                    journal=self._folder / "gate.jsonl",
                    council="Ouseby City Council",
                    waiting_slate=SlateText(title="The meeting will start shortly", kind="starting"),
                    delay_seconds=self._delay,
                    interpreted_language=LANGUAGE,
                )
            case "media.hls":
                return PackagerConfig(
                    control_socket=socket,
                    meeting=self.name,
                    bus_url=bus,
                    directory=self._folder / "hls",
                    http_socket=self.hls_socket,
                    interpreted_language=LANGUAGE,
                )
            case "media.recorder":
                return RecorderConfig(
                    control_socket=socket,
                    meeting=self.name,
                    bus_url=bus,
                    directory=self.recording,
                    interpreted_language=LANGUAGE,
                )
        return RelayConfig(control_socket=socket, bus_url_pattern=self.settings.bus_url("{meeting}"))
