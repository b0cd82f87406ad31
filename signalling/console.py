"""``/console``: staff. The session cookie says who; every command is one of the domain's."""

import asyncio
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.commands.moves import DATABASE_DOWN, LOOK_SECONDS
from hub.domain.desk import Desk
from hub.domain.errors import NotSaved, SignInNeeded
from hub.domain.people import Staff
from hub.domain.services.accounts import staff_of
from media.client import Engine
from signalling.namespace import Ack, CommandNamespace, text_of
from signalling.rooms import staff_room

CUTS = frozenset({"gate.cut", "meeting.private", "meeting.adjourn", "meeting.suspend", "meeting.technical"})
"""Work for whoever was let in, also when the database does not say at once whether they still are."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An officer and the browser session they came with."""

    staff: Staff
    session: str


class ConsoleNamespace(CommandNamespace[SignedIn]):
    """Refuses everybody who is not signed in, at the door and again at every command."""

    path = "/console"
    tells = frozenset({"state", "engine", "checklist", "levels"})

    def __init__(self, desk: Desk, engine: Engine, session_cookie: str) -> None:
        super().__init__(desk, engine)
        self._session_cookie = session_cookie

    async def identify(self, environ: dict[str, Any], auth: dict[str, Any]) -> tuple[str, SignedIn]:
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(self._session_cookie)
        staff = await staff_of(self.desk, cookie.value) if cookie is not None else None
        if staff is None or cookie is None:
            raise SignInNeeded("Sign in to use the console.")
        ref = text_of(auth, "meeting")
        await views.meeting_id(self.desk, ref, rehearsals=True)
        return ref, SignedIn(staff, cookie.value)

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Who has the console open is told to the others as they come and go."""
        sid = args[0]
        before = self.actors.get(sid)
        answer = await super().trigger_event(event, *args)
        moved = self.actors.get(sid) or before
        if moved is not None and self.actors.get(sid) is not before:
            await self._note_clerks(moved[0])
        return answer

    async def _note_clerks(self, ref: str) -> None:
        clerks = {actor.staff.id: actor.staff.name for _, actor in self.present(ref)}
        room = self.desk.room(ref)
        others = len(clerks.keys() | room.clerks.keys()) > 1
        changed, room.clerks = room.clerks != clerks, clerks
        if changed and clerks and others:
            await self.desk.announcer.meeting_changed(ref)

    async def welcome(self, sid: str, ref: str, actor: SignedIn) -> None:
        await self.enter_room(sid, staff_room(ref))
        snapshot = await views.staff_snapshot(self.desk, ref)
        await self.emit("state", snapshot.model_dump(mode="json"), to=sid)
        engine = await self.engine.snapshot(ref)
        await self.emit("engine", engine.model_dump(mode="json"), to=sid)
        checklist = await views.checklist(self.desk, ref)
        await self.emit("checklist", checklist.model_dump(mode="json"), to=sid)

    async def dismiss_signed_out(self, ref: str) -> None:
        """Hang up on consoles whose session has ended: what follows is not for them."""
        for sid, actor in self.present(ref):
            if not await self._is_signed_in(actor):
                await self.disconnect(sid)

    async def answer(self, ref: str, actor: SignedIn, event: str, payload: dict[str, Any]) -> Ack:
        allowed = self._may_cut if event in CUTS else self._is_signed_in
        if not await allowed(actor):
            raise SignInNeeded("You have been signed out. Sign in again; the meeting goes on as it was.")
        return await dispatch(self.desk, actor.staff, ref, event, payload)

    async def _is_signed_in(self, actor: SignedIn) -> bool:
        try:
            return await staff_of(self.desk, actor.session) == actor.staff
        except DATABASE_DOWN as error:
            raise NotSaved(
                f"The database does not answer ({type(error).__name__}), so nothing was changed. The public "
                "see what they saw before. Private, Adjourn, Interrupt and CUT work all the same."
            ) from error

    async def _may_cut(self, actor: SignedIn) -> bool:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._is_signed_in(actor)
        except (TimeoutError, NotSaved):
            return True
