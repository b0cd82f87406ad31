"""Carries changes to those who watch: at once to staff and speakers, coalesced to the public."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from hub.domain import views
from hub.domain.commands.moves import DATABASE_DOWN
from hub.domain.errors import DomainError
from media.client import Disconnected, Engine, Refused
from signalling.audience import AudienceNamespace
from signalling.checklists import Checklists
from signalling.console import ConsoleNamespace
from signalling.deltas import Deltas
from signalling.rooms import audience_room, device_room, staff_room
from signalling.speaker import SpeakerNamespace

log = structlog.get_logger(__name__)

PUBLIC_INTERVAL = 0.75
"""Seconds between two public updates of a meeting: “next item” is on every page within a second, always."""


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The three doors of the sockets."""

    audience: AudienceNamespace
    speakers: SpeakerNamespace
    console: ConsoleNamespace


class Broadcaster:
    """Implements ``hub.domain.ports.Announcer``.

    Owns one task for each meeting with an audience. ``namespaces`` is asked for at each change, because the
    namespaces need the desk, and the desk needs its announcer first.
    """

    def __init__(self, namespaces: Callable[[], Namespaces]) -> None:
        self._namespaces = namespaces
        self._public: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._turns: dict[str, asyncio.Lock] = {}
        self._deltas = Deltas()
        self._checklists = Checklists(lambda: namespaces().console)

    async def meeting_changed(self, ref: str) -> None:
        """Send the new snapshots. Called after the commit: whatever fails here, the command has been done."""
        rehearsal = False
        try:
            # In turn, so that nobody gets an older snapshot after a newer one.
            async with self._turns.setdefault(ref, asyncio.Lock()):
                rehearsal = await self._tell_staff(ref)
                await self._tell_speakers(ref)
        except Exception:
            log.exception("change_not_told", meeting=ref)
        if rehearsal:
            return
        if ref in self._public:
            self._again.add(ref)
        else:
            self._public[ref] = asyncio.create_task(self._tell_public(ref), name=f"tell the public of {ref}")

    async def follow_engine(self, engine: Engine) -> None:
        """Pass the media's state on to consoles, for ever."""
        async for ref in engine.changes():
            console = self._namespaces().console
            if not console.present(ref):
                continue
            try:
                snapshot = await engine.snapshot(ref)
            except (Refused, Disconnected) as error:
                log.warning("engine_snapshot_failed", meeting=ref, error=str(error))
                continue
            except Exception:
                # The next change must be told all the same: this task is the consoles' only eye.
                log.exception("engine_snapshot_failed", meeting=ref)
                continue
            await console.emit("engine", snapshot.model_dump(mode="json"), room=staff_room(ref))
            await self._checklists.engine_changed(ref, snapshot)

    async def follow_studios(self, engine: Engine) -> None:
        """Tell those who take part when another studio took over, for ever."""
        known: dict[str, int | None] = {}
        async for ref in engine.changes():
            studio = engine.studio_session(ref)
            if studio == known.get(ref):
                continue
            known[ref] = studio
            if studio is None:
                continue
            speakers = self._namespaces().speakers
            for sid, _ in speakers.present(ref):
                await speakers.tell_studio(sid, studio)

    async def follow_levels(self, engine: Engine) -> None:
        """Pass levels on to consoles, ten times a second, for ever."""
        async for ref, levels in engine.levels():
            console = self._namespaces().console
            if console.present(ref):
                await console.emit("levels", levels.model_dump(mode="json"), room=staff_room(ref))

    async def close(self) -> None:
        """Stop. Whoever is connected gets a fresh snapshot when they come back."""
        for task in list(self._public.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _tell_staff(self, ref: str) -> bool:
        """Whether it is a rehearsal, of which nobody else is told."""
        console = self._namespaces().console
        await console.dismiss_signed_out(ref)
        snapshot = await views.staff_snapshot(console.desk, ref)
        await console.emit("state", snapshot.model_dump(mode="json"), room=staff_room(ref))
        await self._checklists.look(ref)
        return snapshot.rehearsal

    async def _tell_speakers(self, ref: str) -> None:
        speakers = self._namespaces().speakers
        for sid, resident in speakers.present(ref):
            snapshot = await views.speaker_snapshot(speakers.desk, resident.registration_id, resident.device)
            if snapshot.device_is_current:
                await speakers.emit("state", snapshot.model_dump(mode="json"), to=sid)
            else:
                await speakers.emit("replaced", {}, to=sid)
                await speakers.disconnect(sid)

    async def _tell_public(self, ref: str) -> None:
        """The first change goes out at once; those within a second of it go together."""
        try:
            while True:
                self._again.discard(ref)
                try:
                    await self._tell_public_now(ref)
                except DATABASE_DOWN as error:
                    log.warning("public_snapshot_delayed", meeting=ref, error=repr(error))
                    self._again.add(ref)
                await asyncio.sleep(PUBLIC_INTERVAL)
                if ref not in self._again:
                    return
        except DomainError as error:
            log.warning("public_snapshot_failed", meeting=ref, error=error.message)
        finally:
            del self._public[ref]

    async def _tell_public_now(self, ref: str) -> None:
        audience = self._namespaces().audience
        event, payload = self._deltas.next(ref, await views.public_snapshot(audience.desk, ref))
        await audience.emit(event, payload, room=audience_room(ref))
        await self._tell_askers(audience, ref)
        await self._tell_hands(audience, ref)

    async def _tell_askers(self, audience: AudienceNamespace, ref: str) -> None:
        here = {viewer.device for _, viewer in audience.present(ref)}
        asked = await views.questions_by_device(audience.desk, ref, here)
        removed = await views.removals(audience.desk, ref) if asked else {}
        for device, own in asked.items():
            await audience.emit("me", {"removed": removed.get(device, "")}, room=device_room(ref, device))
            questions = [one.model_dump(mode="json") for one in own]
            await audience.emit("mine", questions, room=device_room(ref, device))

    async def _tell_hands(self, audience: AudienceNamespace, ref: str) -> None:
        """Each device its own: there may be a personal link in it."""
        here = {viewer.device for _, viewer in audience.present(ref)}
        for device, hand in (await views.own_hands(audience.desk, ref, here)).items():
            await audience.emit("hand", hand.model_dump(mode="json"), room=device_room(ref, device))
