"""A meeting of a whole house, as its clerk, its viewers and its captioner get at it."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hub.domain.services.stream_keys import CHAMBER
from media.client.engine import Audio
from media.control.command import Refused
from media.control.relay import Rendition
from tests.gate.house import START_SECONDS, GateHouse
from tests.gate.meeting import Meeting, RefusedByHub
from tests.support.waiting import until_async

TOLD_SECONDS = 20.0


@dataclass(frozen=True)
class Scene:
    """A meeting that is to be played: how its chamber comes, and its delay in seconds."""

    chamber: Literal["whip", "rtmp", "srt"]
    delay: int = 0


class HubMeeting(Meeting):
    """A meeting of a whole house."""

    by_hub = True

    def __init__(self, house: GateHouse, ref: str) -> None:
        super().__init__(house.settings, ref)
        self.house = house

    @property
    def address(self) -> str:
        """Of the meeting's page."""
        return f"{self.house.address}/meetings/{self.ref}"

    @property
    def hub_lives(self) -> bool:
        return self.house.hub_lives

    async def go_live(self, delay: int) -> None:
        """From scheduled to live."""
        await self._insist("meeting.open_room")
        if delay:
            await self._insist("delay.set", seconds=delay)
        await self._insist("meeting.go_live", confirmed=True)

    async def do(self, name: str, **payload: object) -> None:
        await self.house.do(self.ref, name, **payload)

    async def say(self, line: str) -> None:
        key = self.house.key(self.ref)
        if not key:
            await super().say(line)
            return
        address, headers = f"{self.house.address}/captions/{self.ref}", {"Authorization": f"Bearer {key}"}
        async with self.house.http.post(address, json={"text": line}, headers=headers) as response:
            if response.status != 204:
                raise Refused("no_line", await response.text())

    async def _insist(self, name: str, **payload: object) -> None:
        """Press again until it is done: a busy machine takes long to start a studio."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    await self.do(name, **payload)
                except RefusedByHub as error:
                    if "media_unavailable" not in str(error):
                        raise
                    await asyncio.sleep(0.2)
                else:
                    return

    async def viewer(self, sdp: str, audio: Audio, rendition: Rendition) -> str:
        headers = {"Content-Type": "application/sdp"}
        address = f"{self.address}/whep?audio={audio}&rendition={rendition}"
        async with self.house.http.post(address, data=sdp, headers=headers) as response:
            text = await response.text()
        if response.status != 201:
            raise Refused("no_viewer", text)
        return text

    @property
    def has_redis(self) -> bool:
        return self.house.has_redis

    @property
    def bus_kills(self) -> Sequence[float]:
        return self.house.redis_kills

    def kill(self, module: str) -> int:
        self._note(module)
        return self.house.kill(module, self.name)

    def pids(self, module: str) -> list[int]:
        return self.house.pids(module, self.name)

    async def kill_hub(self) -> int:
        return await self.house.kill_hub()

    async def kill_redis(self, seconds: float) -> int:
        return await self.house.kill_redis(seconds)

    async def until_hub(self) -> None:
        await self.house.until_hub()

    async def until_told(self) -> None:
        await until_async(self._is_told, "the page to say that the gate is closed", TOLD_SECONDS)

    async def _is_told(self) -> bool:
        async with self.house.http.get(f"{self.address}/state.json") as response:
            state: dict[str, Any] = await response.json()
        return bool(state["state"] != "live")


async def meetings(house: GateHouse, scenes: Sequence[Scene]) -> list[HubMeeting]:
    """As many live meetings; the first has no delay."""
    async with house.http.get(f"{house.address}/api/v1/meetings") as response:
        entries = (await response.json())["meetings"]
    others = [entry["meeting"]["ref"] for entry in entries if entry["meeting"]["ref"] != house.first]
    assert scenes[0].delay == 0
    assert len(others) >= len(scenes) - 1, "the demo's council has too few meetings"
    found = [HubMeeting(house, ref) for ref in (house.first, *others[: len(scenes) - 1])]
    await asyncio.gather(
        *(one.go_live(scene.delay) for one, scene in zip(found[1:], scenes[1:], strict=True))
    )
    keys = [await _stream_key(house, one.ref) for one in found]
    for one, scene, key in zip(found, scenes, keys, strict=True):
        if scene.chamber != "whip":
            one.encoder = house.encoders[scene.chamber].replace(keys[0], key)
    return found


async def _stream_key(house: GateHouse, ref: str) -> str:
    """Of the chamber, as the clerk copies it from the console."""
    async with house.http.get(f"{house.address}/console/meetings/{ref}", headers=house.clerk) as response:
        page = await response.text()
    data = re.search(r'id="page-data">(.*?)</script>', page, re.DOTALL)
    assert data is not None, "the console has no data"
    keys: dict[str, str] = json.loads(data[1])["snapshot"]["stream_keys"]
    return keys[CHAMBER]
