"""A rehearsal with a real studio and a real feed: the officer presses “go live”, and nothing comes out."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image

from hub.settings import Settings
from hub.supervision.engine import ProcessEngine
from media.control.command import Refused
from media.control.studio import GateState, GetStatus, SlateText
from media.sources.ice import listen_on
from tests.support.waiting import until_async

REF = "m"
SOON = SlateText(title="Soon")


async def no_keys(refs: list[str]) -> dict[str, dict[str, str]]:
    return {}


def middle(jpeg: bytes) -> set[int]:
    """How bright a picture is down its middle, in steps that hide how JPEG rounds."""
    picture = Image.open(io.BytesIO(jpeg)).convert("L").resize((64, 36))
    return {value // 64 for value in picture.crop((32, 0, 33, 36)).tobytes()}


@pytest.mark.parametrize("rehearsal", [True, False])
async def test_nothing_leaves_a_rehearsal_whose_gate_is_open(tmp_path: Path, rehearsal: bool) -> None:
    listen_on("127.0.0.1")
    with TemporaryDirectory(prefix="moot") as sockets:
        settings = Settings(data_dir=tmp_path, run_dir=Path(sockets), rtmp_port=0, srt_port=0)
        engine = ProcessEngine(settings, no_keys, generated_feed=True)
        await engine.start()
        try:
            await engine.open_room(REF, SOON, rehearsal=rehearsal)
            slate = middle(await _public(engine))
            await engine.start_recording(REF)
            await engine.open_gate(REF, SOON, by="Ann Clark", reason="go live")

            async def shown() -> bool:
                """The studio has the test picture, and has had the time to let it out."""
                status = await engine.media(REF).studio.call(GetStatus())
                programme = middle(await engine.picture(REF, "programme"))
                public = middle(await _public(engine))
                seen = programme if rehearsal else public
                return len(programme) > len(slate) < len(seen) and status.pictures > 150

            await until_async(shown, "the test picture", 60.0)
            status = await engine.media(REF).studio.call(GetStatus())
            assert (status.gate.state, status.layout) == (GateState.OPEN, "chamber")
            assert (middle(await _public(engine)) == slate) is rehearsal
            bus = Path(settings.bus_url(REF).removeprefix("unix:"))
            assert bus.exists() is not rehearsal
            assert (engine.hls_socket(REF) is None) is rehearsal
            kept = settings.meeting_dir(REF)
            assert (kept / "recording").exists() is not rehearsal
            assert (kept / "hls").exists() is not rehearsal
            if rehearsal:
                with pytest.raises(Refused) as refusal:
                    await engine.open_viewer(REF, "v=0")
                assert refusal.value.code == "no_meeting"
                await engine.finish(REF)
                assert {path.name.partition(".")[0] for path in kept.iterdir()} == {"gate"}, (
                    "no picture or sound"
                )
        finally:
            await engine.close(leave_running=False)


async def _public(engine: ProcessEngine) -> bytes:
    """What the console shows as what the public see: decoded from what was encoded for them."""

    async def ask() -> bytes:
        try:
            return await engine.picture(REF, "public")
        except Refused:
            return b""

    return await until_async(ask, "a first picture", 30.0)
