"""What viewers could go back to while a meeting was live: gone when the recording has it, kept when not."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from hub.app import open_hub
from hub.demo import start_demo
from hub.settings import Settings
from hub.supervision.meeting import MeetingMedia
from media.control.recorder import RecorderStatus


@pytest.fixture
def sockets() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.parametrize("healthy", [True, False])
async def test_the_window_goes_when_all_of_it_is_recorded(
    tmp_path: Path, sockets: Path, monkeypatch: pytest.MonkeyPatch, healthy: bool
) -> None:
    """A recorder that says it is ill, as on a full disk."""
    real = MeetingMedia._take_leave

    async def take_leave(self: MeetingMedia, *told: object) -> None:
        recorded = told[2]
        await recorded.wait()  # type: ignore[attr-defined]
        assert isinstance(self.recording, RecorderStatus)
        self.recording = self.recording.model_copy(update={"healthy": healthy})
        await real(self, *told)  # type: ignore[arg-type]

    monkeypatch.setattr(MeetingMedia, "_take_leave", take_leave)
    settings = Settings(
        data_dir=tmp_path,
        run_dir=sockets,
        port=unused_port(),
        rtmp_port=unused_port(),
        srt_port=unused_port(),
        relay_port=0,
    )
    async with open_hub(settings, generated_feed=True, leave_running=False) as hub:
        links = await start_demo(hub)
        ref = links.meeting.rsplit("/", 1)[1]
        rewind = settings.meeting_dir(ref) / "hls"
        media = hub.engine.media(ref)
        assert (rewind / "window.jsonl").exists()
        await hub.engine.finish(ref)
        await media.gone()
        assert rewind.exists() != healthy
        assert list((settings.meeting_dir(ref) / "recording").iterdir())
