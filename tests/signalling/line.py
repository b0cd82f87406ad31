"""A program at the far end of a namespace that remembers everything it was told, and when."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import socketio

from tests.support.sockets import Socket, Told

ACK_SECONDS = 10.0


@dataclass(frozen=True)
class Heard:
    """One event as it arrived."""

    seconds: float
    """By the event loop's clock."""
    event: str
    payload: Any


class Line(Socket):
    """``told`` has the last payload of each event, ``heard`` has all of them."""

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self.heard: list[Heard] = []
        self.refusal: Told | None = None
        self.hung_up = asyncio.Event()
        self._client.on("connect_error", self._refused, namespace=namespace)
        self._client.on("disconnect", self._disconnected, namespace=namespace)

    async def ask(self, event: str, **payload: object) -> Told:
        """Send exactly this and return the acknowledgement, whatever it says."""
        answer: Told = await self._client.call(event, payload, self.namespace, timeout=ACK_SECONDS)
        return answer

    async def refused(self, event: str, **payload: object) -> str:
        """Send a command that must be refused; its code. The refusal has the shape of the protocol."""
        answer = await self.ask(event, **payload)
        assert answer["ok"] is False, answer
        assert set(answer) == {"ok", "error"}
        assert set(answer["error"]) - {"seconds"} == {"code", "message", "field"}
        assert answer["error"]["message"].strip().endswith((".", "?", "!")), answer["error"]
        return str(answer["error"]["code"])

    async def turned_away(self, address: str, auth: object, cookies: str = "") -> str:
        """Connect and be refused; the code."""
        try:
            await self.connect(address, auth, cookies)  # type: ignore[arg-type]  # strangers send anything
        except socketio.exceptions.ConnectionError:
            assert self.refusal is not None, "no answer at all"
            assert self.refusal["message"]
            return str(self.refusal["data"]["code"])
        raise AssertionError("was let in")

    def payloads(self, event: str) -> list[Any]:
        """All payloads of one event in their order."""
        return [one.payload for one in self.heard if one.event == event]

    def everything(self) -> str:
        """All that came, as text to search in."""
        return json.dumps([[one.event, one.payload] for one in self.heard], ensure_ascii=False)

    async def version(self, version: int, seconds: float = 5.0) -> Told:
        """Wait for the snapshot of a version, or a newer one."""
        state: Told = await self.until(
            "state", lambda told: _version(told) >= version, f"version {version}", seconds
        )
        return state

    def _keep(self, event: str, payload: Any) -> None:
        self.heard.append(Heard(asyncio.get_running_loop().time(), event, payload))
        super()._keep(event, payload)

    async def _refused(self, data: Any) -> None:
        self.refusal = data if isinstance(data, dict) else {"message": str(data), "data": {"code": ""}}

    async def _disconnected(self, reason: str) -> None:
        self.hung_up.set()


def _version(state: Told) -> int:
    return int(state["public"]["version"] if "public" in state else state["version"])
