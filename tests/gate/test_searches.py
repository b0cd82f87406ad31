"""Every search of the proof finds by itself what is there: a whole house that keeps nothing from anybody."""

import re
from pathlib import Path

import pytest

from media.sources.ice import listen_on
from tests.gate.council import Scene, meetings
from tests.gate.house import GateHouse
from tests.gate.play import Play
from tests.gate.sabotage import NO_GATE, broken_house

PRIVATE = ("private", "line", *("stay",) * 12)
"""Long enough for every page to have had its turn."""
CUTS = ("open", "stay", "emergency", "stay") * 3
"""Between a cut and the first private picture of the encoder there is a second of the room."""
SCRIPT = ("interpreter", "stay", *PRIVATE, *CUTS, "open", "stay")
FOUND = (
    r"WHEP, floor: private video",
    r"WHEP, floor: private audio",
    r"WHEP, interpreted: private audio",
    r"WHEP, floor, 360p: private video",
    r"WHEP, floor, sound: private audio",
    r"video\.m3u8 .*: private picture",
    r"video\.m3u8 .*: picture of the chamber's encoder .* behind a closed gate",
    r"video-360\.m3u8 .*: private picture",
    r"audio\.m3u8 .*: private sound",
    r"interpreted\.m3u8 .*: private sound",
    r"captions\.m3u8 .*: private caption",
    r"recording on disk captions\.vtt: private caption",
    r"recording's captions\.m3u8 .*: private caption",
    r"/meetings/{ref}/captions\.vtt tells",
    r"recording on disk programme-\S+ private picture",
    r"recording on disk programme-\S+ private sound",
    r"recording on disk interpreted-\S+ private sound",
    r"recording\.mp4 part 1: private picture",
    r"recording\.mp4 part 1: private sound",
    r"recording's pictures\.m3u8 .*: private picture",
    r"recording's floor\.m3u8 .*: private sound",
    r"recording's interpreted\.m3u8 .*: private sound",
    r"/meetings/{ref}/snapshot\.jpg shows private",
    r"/meetings/{ref}/snapshot\.jpg\?t=\S+ shows private",
    r"/meetings/{ref}/state\.json tells",
    r"/meetings/{ref} tells",
    r"/cy/meetings/{ref} tells",
    r"/api/v1/meetings/{ref} tells",
    r"the audience's (state|delta) tells",
)
"""What each of them must say, for itself."""


@pytest.mark.timeout(300)
async def test_every_search_finds_what_is_there(tmp_path: Path) -> None:
    listen_on("127.0.0.1")
    code = broken_house(NO_GATE, tmp_path / "code")
    async with GateHouse(tmp_path / "house", code=code) as house:
        (meeting,) = await meetings(house, [Scene("rtmp")])
        play = Play(meeting, tmp_path, "no gate", "no gate", SCRIPT, thorough=True)
        await play.run(0)
        await play.end()
    found = play.report.verdict.found
    blind = [one for one in FOUND if not any(re.match(one, said) for said in found)]
    assert not blind, f"these found nothing: {blind}\n{play.report.words()}"
