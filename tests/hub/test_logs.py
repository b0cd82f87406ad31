"""What the processes of a meeting write into their logs."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog

from hub.settings import Settings
from hub.supervision.engine import ProcessEngine
from media.control.studio import SlateText
from media.logs import set_up_logs

REF = "m"
KINDS = ("ingest", "relay", "m.packager", "m.recorder", "m.studio")


async def no_keys(refs: list[str]) -> dict[str, dict[str, str]]:
    return {}


@pytest.fixture
async def logs(tmp_path: Path) -> AsyncIterator[Path]:
    """The folder of the logs, while all processes of a meeting run."""
    with TemporaryDirectory(prefix="moot") as sockets:
        settings = Settings(
            data_dir=tmp_path, run_dir=Path(sockets), rtmp_port=0, srt_port=0, log_format="json"
        )
        engine = ProcessEngine(settings, no_keys)
        await engine.start()
        await engine.open_room(REF, SlateText(title="Soon"), rehearsal=False)
        await engine.start_recording(REF)
        await engine.encoder_ports()
        await engine.snapshot(REF)
        await engine.close(leave_running=False)
        yield Path(sockets)


async def test_every_process_writes_as_the_settings_say(logs: Path) -> None:
    assert sorted(file.stem for file in logs.glob("*.log")) == sorted(KINDS)
    for file in logs.glob("*.log"):
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        assert lines, file.stem
        assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
        assert "debug" not in {line["level"] for line in lines}


def test_debugging_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json")
    try:
        structlog.get_logger("a test").debug("a_detail")
        structlog.get_logger("a test").info("an_event", number=1)
    finally:
        structlog.reset_defaults()
    written = capsys.readouterr().err
    assert "a_detail" not in written
    assert json.loads(written)["number"] == 1
