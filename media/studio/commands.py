"""What the hub may ask of the studio: one small method for each command."""

import asyncio
import base64
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import av

from media.control.answers import Handler
from media.control.captions import SayCaption
from media.control.command import Command, Done, Refused
from media.control.feeds import (
    Answer,
    CloseFeed,
    CloseSpeaker,
    NameSpeaker,
    OpenFeed,
    OpenSpeaker,
    Patched,
    PatchFeed,
)
from media.control.picture import (
    HidePages,
    LaidOut,
    Picture,
    SetCaptions,
    SetLayout,
    SetOnAir,
    ShowPage,
    TakePicture,
)
from media.control.studio import (
    AdmitPrivately,
    GateState,
    GateStatus,
    GetCost,
    GetStatus,
    SetDelay,
    SetGate,
    SetSlate,
    Stop,
    StudioCost,
    StudioStatus,
)
from media.programme.layout import SIGN
from media.programme.picture import to_jpeg
from media.programme.vision import Vision
from media.sources.desk import CHAMBER
from media.sources.intake import PRESENTATION
from media.studio import cost
from media.studio.production import preview
from media.studio.still import decode_key
from media.studio.studio import Studio


class Commands:
    """The handlers. ``stop``: the hub asks the studio to finish. ``changed``: more than a level is new."""

    def __init__(self, studio: Studio, stop: Callable[[], None], changed: Callable[[], None]) -> None:
        self._studio = studio
        self._stop = stop
        self._changed = changed
        self._photographing = asyncio.Lock()
        self._vision = Vision(studio.slates)

    def handlers(self) -> dict[type[Command[Any]], Handler]:
        """For the control server."""
        return {
            SetGate: self.set_gate,
            SetSlate: self.set_slate,
            SetDelay: self.set_delay,
            AdmitPrivately: self.admit_privately,
            OpenFeed: self.open_feed,
            PatchFeed: self.patch_feed,
            CloseFeed: self.close_feed,
            OpenSpeaker: self.open_speaker,
            NameSpeaker: self.name_speaker,
            CloseSpeaker: self.close_speaker,
            SetOnAir: self.set_on_air,
            SetLayout: self.set_layout,
            SetCaptions: self.set_captions,
            SayCaption: self.say_caption,
            ShowPage: self.show_page,
            HidePages: self.hide_pages,
            TakePicture: self.take_picture,
            GetStatus: self.get_status,
            GetCost: self.get_cost,
            Stop: self.stop,
        }

    async def set_gate(self, command: SetGate) -> GateStatus:
        async with AsyncExitStack() as stack:
            if command.state is GateState.OPEN and self._studio.gate.now.secret:
                # A page or a screen that was put up among those in the private session is not for those who
                # come back.
                await stack.enter_async_context(self._studio.projector.taken_down())
                self._studio.desk.forget(PRESENTATION)
            status = await self._studio.gate.move(
                command.state,
                command.slate,
                command.reason,
                command.by,
                confirmed=command.confirmed,
                drop=command.drop,
            )
        self._changed()
        return status

    async def set_slate(self, command: SetSlate) -> GateStatus:
        status = await self._studio.gate.reword(command.slate)
        self._changed()
        return status

    async def set_delay(self, command: SetDelay) -> GateStatus:
        status = await self._studio.gate.set_delay(command.seconds)
        self._changed()
        return status

    async def admit_privately(self, command: AdmitPrivately) -> Done:
        self._studio.private.admit(command.speakers)
        self._changed()
        return Done()

    async def open_feed(self, command: OpenFeed) -> Answer:
        if command.source not in (CHAMBER, PRESENTATION, SIGN):
            raise Refused("bad_source", f"There is no source {command.source!r} for an encoder.")
        answer = await self._studio.whip.open(command.source, command.sdp, command.label)
        self._changed()
        return answer

    async def patch_feed(self, command: PatchFeed) -> Patched:
        return await self._studio.whip.patch(command.session, command.fragment, command.tags)

    async def close_feed(self, command: CloseFeed) -> Done:
        await self._studio.whip.close(command.session)
        self._changed()
        return Done()

    async def open_speaker(self, command: OpenSpeaker) -> Answer:
        if command.role == "interpreter" and self._studio.config.interpreted_language is None:
            raise Refused("no_language", "This meeting has no interpreted language.")
        if command.role != "speaker":
            self._studio.director.take_off(command.speaker)
        answer = await self._studio.speakers.open(command.speaker, command.label, command.sdp, command.role)
        self._changed()
        return answer.model_copy(update={"studio": self._studio.session})

    async def name_speaker(self, command: NameSpeaker) -> Done:
        self._studio.speakers.name(command.speaker, command.label)
        self._changed()
        return Done()

    async def close_speaker(self, command: CloseSpeaker) -> Done:
        self._studio.director.take_off(command.speaker)
        await self._studio.speakers.close(command.speaker)
        self._changed()
        return Done()

    async def set_on_air(self, command: SetOnAir) -> LaidOut:
        self._studio.director.put_on_air(command.speakers)
        return self._taken_up()

    async def set_layout(self, command: SetLayout) -> LaidOut:
        self._studio.director.lay_out(command.layout, command.transition)
        return self._taken_up()

    async def set_captions(self, command: SetCaptions) -> Done:
        self._studio.director.caption(command.visible, command.texts)
        self._changed()
        return Done()

    async def say_caption(self, command: SayCaption) -> Done:
        if self._studio.config.captions_language is None:
            raise Refused("no_captions", "This meeting has no captions.")
        self._studio.transcript.say(command.text, command.seconds, command.said_ms)
        return Done()

    async def show_page(self, command: ShowPage) -> LaidOut:
        gate = self._studio.gate
        secret = command.secret or gate.now.secret
        await self._studio.projector.show(
            Path(command.document), command.page, lambda: gate.now.secret or not secret
        )
        return self._taken_up()

    async def hide_pages(self, command: HidePages) -> Done:
        await self._studio.projector.stop()
        self._changed()
        return Done()

    async def take_picture(self, command: TakePicture) -> Picture:
        """Refused with ``no_picture`` when there is none, or no such source."""
        async with self._photographing:
            jpeg, width, height = await asyncio.to_thread(self._photograph, command.of, command.width)
        return Picture(jpeg=base64.b64encode(jpeg).decode(), width=width, height=height)

    async def get_status(self, command: GetStatus) -> StudioStatus:
        return self._studio.status()

    async def get_cost(self, command: GetCost) -> StudioCost:
        return StudioCost(stages=cost.stages(), threads=cost.threads(), tasks=len(asyncio.all_tasks()))

    async def stop(self, command: Stop) -> Done:
        self._stop()
        return Done()

    def _taken_up(self) -> LaidOut:
        """Call it when the wish is there for the ticker's thread: whatever begins from now on obeys it."""
        seconds = self._studio.ticker.seconds if self._studio.ticker is not None else 0.0
        self._changed()
        return LaidOut(seconds=seconds)

    def _photograph(self, of: str, width: int) -> tuple[bytes, int, int]:
        if of == "public":
            return self._photograph_public(width)
        return to_jpeg(self._staff_picture(of), width)

    def _photograph_public(self, width: int) -> tuple[bytes, int, int]:
        """What the last tick sent, unless the gate moved while it was being made into a JPEG."""
        gate, ticker = self._studio.gate, self._studio.ticker
        before = gate.now
        picture = self._last_public() if ticker is not None else None
        if before.open and picture is not None:
            made = to_jpeg(picture, width)
            if gate.now.change == before.change:
                return made
        return to_jpeg(self._studio.slates.slate(gate.now.slate), width)

    def _last_public(self) -> av.VideoFrame | None:
        """The tick's own picture; behind a broadcast delay, the key picture that came out of it last."""
        studio = self._studio
        if not studio.gate.now.delay:
            picture = studio.ticker.last_picture if studio.ticker is not None else None
            return picture.frame if picture is not None else None
        unit = studio.broadcast.last_key
        return decode_key(unit.data) if unit is not None else None

    def _staff_picture(self, of: str) -> av.VideoFrame:
        studio = self._studio
        now = studio.clock.monotonic()
        if of == "programme":
            return preview(self._vision, studio.desk, studio.director, now)
        intake = studio.desk.find(of)
        frame = intake.latest_picture(now) if intake is not None else None
        if frame is None:
            raise Refused("no_picture", f"There is no picture of {of!r} now.")
        return frame
