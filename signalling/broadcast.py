"""Carries changes to those who watch: at once to staff and speakers, at most once a second to the public."""

import asyncio
from contextlib import suppress

import structlog

from hub.domain import views
from hub.domain.desk import Desk
from hub.domain.errors import DomainError
from media.client import Disconnected, Engine, Refused
from signalling.audience import AudienceNamespace
from signalling.console import ConsoleNamespace
from signalling.rooms import audience_room, device_room, staff_room
from signalling.speaker import SpeakerNamespace

log = structlog.get_logger(__name__)

PUBLIC_INTERVAL = 1.0


class Broadcaster:
    """Implements ``hub.domain.ports.Announcer``. Owns one task for each meeting with an audience, and one for the engine."""

    def __init__(self) -> None:
        self._audience: AudienceNamespace | None = None
        self._speakers: SpeakerNamespace | None = None
        self._console: ConsoleNamespace | None = None
        self._desk: Desk | None = None
        self._public: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def attach(self, desk: Desk, audience: AudienceNamespace, speakers: SpeakerNamespace, console: ConsoleNamespace) -> None:
        """Give it the namespaces: they need the desk, and the desk needs its announcer, so this comes last."""
        self._desk, self._audience, self._speakers, self._console = desk, audience, speakers, console

    async def meeting_changed(self, ref: str) -> None:
        """Send the new snapshots. Called after the commit; a failure here never undoes what was committed."""
        await self._tell_staff(ref)
        await self._tell_speakers(ref)
        if ref in self._public:
            self._again.add(ref)
        else:
            self._public[ref] = asyncio.create_task(self._tell_public(ref), name=f"tell the public of {ref}")

    async def follow_engine(self, engine: Engine) -> None:
        """Pass the media's state on to consoles, for ever."""
        async for ref in engine.changes():
            if self._console is None or not any(where == ref for where, _ in self._console.actors.values()):
                continue
            try:
                snapshot = await engine.snapshot(ref)
            except (Refused, Disconnected) as error:
                log.warning("engine_snapshot_failed", meeting=ref, error=str(error))
                continue
            await self._console.emit("engine", snapshot.model_dump(mode="json"), room=staff_room(ref))

    async def close(self) -> None:
        """Send what waits, then stop."""
        self._again.clear()
        for task in list(self._public.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _tell_staff(self, ref: str) -> None:
        assert self._desk is not None
        assert self._console is not None
        snapshot = await views.staff_snapshot(self._desk, ref)
        await self._console.emit("state", snapshot.model_dump(mode="json"), room=staff_room(ref))

    async def _tell_speakers(self, ref: str) -> None:
        assert self._desk is not None
        assert self._speakers is not None
        for sid, (where, resident) in list(self._speakers.actors.items()):
            if where != ref:
                continue
            snapshot = await views.speaker_snapshot(self._desk, resident.registration_id, resident.device)
            if not snapshot.device_is_current:
                await self._speakers.emit("replaced", {}, to=sid)
                await self._speakers.disconnect(sid)
                continue
            await self._speakers.emit("state", snapshot.model_dump(mode="json"), to=sid)

    async def _tell_public(self, ref: str) -> None:
        """The first change goes out at once; those within a second of it go together."""
        assert self._desk is not None
        assert self._audience is not None
        try:
            while True:
                self._again.discard(ref)
                snapshot = await views.public_snapshot(self._desk, ref)
                await self._audience.emit("state", snapshot.model_dump(mode="json"), room=audience_room(ref))
                await self._tell_askers(ref)
                await asyncio.sleep(PUBLIC_INTERVAL)
                if ref not in self._again:
                    return
        except DomainError as error:
            log.warning("public_snapshot_failed", meeting=ref, error=error.message)
        finally:
            del self._public[ref]

    async def _tell_askers(self, ref: str) -> None:
        assert self._desk is not None
        assert self._audience is not None
        here = {viewer.device for where, viewer in self._audience.actors.values() if where == ref}
        for device, own in (await views.questions_by_device(self._desk, ref, here)).items():
            questions = [one.model_dump(mode="json") for one in own]
            await self._audience.emit("mine", questions, room=device_room(ref, device))
