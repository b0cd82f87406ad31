"""The domain's ``StudioPort`` over the engine, and the media's refusals as domain errors."""

from collections.abc import Awaitable
from typing import TypeVar

from hub.domain.clock import Clock, milliseconds
from hub.domain.errors import Conflict, MediaUnavailable
from hub.domain.ports import Equipment, Layout, ShownPage, Slate, Transition
from hub.domain.states.meeting import MeetingState
from hub.supervision.engine import ProcessEngine
from media.control.command import Disconnected, Refused
from media.control.picture import LayoutName, PageStatus
from media.control.studio import GateState, SlateText

T = TypeVar("T")

CHAMBER = "chamber"

GATES = {
    MeetingState.PRE_SHOW: GateState.WAITING,
    MeetingState.ADJOURNED: GateState.ADJOURNED,
    MeetingState.PRIVATE: GateState.PRIVATE,
    MeetingState.SUSPENDED: GateState.ADJOURNED,
    MeetingState.TECHNICAL: GateState.TECHNICAL,
    MeetingState.ENDED: GateState.ENDED,
}
"""Which gate a closed meeting has. ``live`` is not here: opening has its own method."""

SENTENCES = {
    "no_speaker": "Their camera and microphone are not connected yet. "
    "Ask them to reload their page, then admit them again.",
    "no_meeting": "The studio of this meeting is not running. "
    "The public see no picture; open the room again.",
}


NOT_THE_STUDIO = frozenset({"bad_page", "gate_moved", "no_document"})
"""Refusals that are the caller's to mend."""


class EngineStudioPort:
    """Implements ``hub.domain.ports.StudioPort``."""

    def __init__(self, engine: ProcessEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def open_room(self, ref: str, slate: Slate, *, rehearsal: bool) -> None:
        await _done(self._engine.open_room(ref, _text(slate), rehearsal=rehearsal))

    async def start_recording(self, ref: str) -> None:
        await _done(self._engine.start_recording(ref))

    async def cut(
        self,
        ref: str,
        state: MeetingState,
        slate: Slate,
        *,
        by: str,
        reason: str,
        drop: bool | None = None,
    ) -> None:
        await _done(
            self._engine.cut(ref, GATES[state], _text(slate), by=by, reason=reason, drop=drop),
        )

    async def set_delay(self, ref: str, seconds: int) -> None:
        await _done(self._engine.set_delay(ref, seconds))

    async def admit_privately(self, ref: str, speakers: list[int]) -> None:
        await _done(self._engine.admit_privately(ref, [str(speaker) for speaker in speakers]))

    async def open_gate(self, ref: str, *, by: str, reason: str) -> None:
        slate = SlateText(
            title="We have lost the picture from the chamber",
            lines=["The meeting goes on."],
            kind="technical",
        )
        await _done(self._engine.open_gate(ref, slate, by=by, reason=reason))

    async def was_private(self, ref: str) -> bool:
        return self._engine.was_private(ref)

    async def set_on_air(self, ref: str, speakers: list[int]) -> None:
        await _done(self._engine.set_on_air(ref, [str(speaker) for speaker in speakers]))

    async def close_speaker(self, ref: str, speaker: int) -> None:
        await _done(self._engine.close_speaker(ref, str(speaker)))

    async def set_layout(self, ref: str, layout: Layout | None, transition: Transition = "dissolve") -> None:
        name = None if layout is None else LayoutName(layout)
        await _done(self._engine.set_layout(ref, name, transition))

    async def caption_speaker(self, ref: str, speaker: int, text: str) -> None:
        await _done(self._engine.set_caption(ref, str(speaker), text))

    async def rename_speaker(self, ref: str, speaker: int, name: str, caption: str) -> None:
        await _done(self._engine.rename_speaker(ref, str(speaker), name, caption))

    async def caption_chamber(self, ref: str, text: str) -> None:
        await _done(self._engine.set_caption(ref, CHAMBER, text))

    async def show_captions(self, ref: str, visible: bool) -> None:
        await _done(self._engine.show_captions(ref, visible))

    async def show_page(self, ref: str, page: int) -> ShownPage:
        return _shown(await _done(self._engine.show_page(ref, page)))

    async def turn_page(self, ref: str, by: int) -> ShownPage:
        return _shown(await _done(self._engine.turn_page(ref, by)))

    async def stop_presentation(self, ref: str) -> None:
        await _done(self._engine.stop_presentation(ref))

    async def equipment(self, ref: str) -> Equipment:
        return await self._engine.equipment(ref)

    async def programme_seconds(self, ref: str) -> float:
        epoch = self._engine.epoch_ms(ref)
        if epoch is None:
            return 0.0
        return max(0.0, (self._engine.seen_at_ms(ref, milliseconds(self._clock.now())) - epoch) / 1000)

    async def finish(self, ref: str, slate: Slate) -> None:
        if not self._engine.running(ref):
            return
        await self.cut(ref, MeetingState.ENDED, slate, by="", reason="the meeting ended")
        await _done(self._engine.finish(ref))


def _shown(status: PageStatus) -> ShownPage:
    return ShownPage(status.title, status.page, status.pages)


def _text(slate: Slate) -> SlateText:
    until = None if slate.until is None else milliseconds(slate.until)
    return SlateText(title=slate.title, lines=list(slate.lines), kind=slate.kind, until_ms=until)


async def _done(work: Awaitable[T]) -> T:
    try:
        return await work
    except Refused as refusal:
        if refusal.code in NOT_THE_STUDIO:
            raise Conflict(refusal.message) from refusal
        raise MediaUnavailable(SENTENCES.get(refusal.code, refusal.message)) from refusal
    except Disconnected as error:
        raise MediaUnavailable(
            "The studio does not answer and is being restarted. It comes back as it was: "
            "private stays private. Try again in a moment."
        ) from error
