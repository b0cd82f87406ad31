"""``/audience``: everybody who watches. They get the public snapshot, and may ask and vote."""

from typing import Any

from aiohttp import web

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.desk import Desk
from hub.domain.device import check_device
from hub.domain.errors import Invalid
from hub.domain.people import Viewer
from media.caller import caller, place_of
from media.client import Engine
from signalling.namespace import Ack, CommandNamespace, text_of
from signalling.rooms import audience_room, device_room

SHORTEST_DEVICE = 8
WHOLE = "state.get"
"""Asks for the whole snapshot: a delta came that does not fit what the page has."""


class AudienceNamespace(CommandNamespace[Viewer]):
    """Anybody may connect; nothing that is not public is ever sent."""

    path = "/audience"
    tells = frozenset({"state", "delta", "mine", "me", "hand"})
    calls = frozenset({WHOLE})

    def __init__(self, desk: Desk, engine: Engine, *, behind_proxy: bool = False) -> None:
        super().__init__(desk, engine)
        self._behind_proxy = behind_proxy

    async def identify(self, environ: dict[str, Any], auth: dict[str, Any]) -> tuple[str, Viewer]:
        ref, device = text_of(auth, "meeting"), text_of(auth, "device")
        if len(device) < SHORTEST_DEVICE:
            raise Invalid("The page did not say which device it is on.", field="device")
        check_device(device)
        meeting_id = await views.meeting_id(self.desk, ref)
        return ref, Viewer(device=device, meeting_id=meeting_id, place=self._place(environ))

    def _place(self, environ: dict[str, Any]) -> str:
        request: web.Request = environ["aiohttp.request"]
        forwarded = request.headers.get("X-Forwarded-For", "")
        return place_of(caller(request.remote or "", forwarded, behind_proxy=self._behind_proxy))

    async def welcome(self, sid: str, ref: str, actor: Viewer) -> None:
        await self.enter_room(sid, audience_room(ref))
        await self.enter_room(sid, device_room(ref, actor.device))
        snapshot = await views.public_snapshot(self.desk, ref)
        await self.emit("state", snapshot.model_dump(mode="json"), to=sid)
        own = await views.own_questions(self.desk, ref, actor.device)
        await self.emit("mine", [one.model_dump(mode="json") for one in own], to=sid)
        for hand in (await views.own_hands(self.desk, ref, {actor.device})).values():
            await self.emit("hand", hand.model_dump(mode="json"), to=sid)
        await self.emit("me", {"removed": await views.removed_because(self.desk, ref, actor.device)}, to=sid)

    async def answer(self, ref: str, actor: Viewer, event: str, payload: dict[str, Any]) -> Ack:
        return await dispatch(self.desk, actor, ref, event, payload)

    async def call(self, ref: str, actor: Viewer, event: str, payload: dict[str, Any]) -> Ack:
        return {"state": (await views.public_snapshot(self.desk, ref)).model_dump(mode="json")}
