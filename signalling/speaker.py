"""``/speaker``: a resident with a personal link, on the one device that holds the slot."""

import re
from typing import Any

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.errors import DeviceReplaced, IllegalTransition, Invalid
from hub.domain.people import Part, Resident
from hub.domain.rules import Consent
from hub.domain.services.registration import speaker_by_token
from hub.domain.states.speaker import LINK_WORKS, SpeakerState
from media.client.engine import Role
from signalling.namespace import Ack, CommandNamespace, text_of
from signalling.rooms import speaker_room

ROLES: dict[Part, Role] = {
    Part.SPEAKER: "speaker",
    Part.INTERPRETER: "interpreter",
    Part.SIGNER: "signer",
    Part.PRESENTER: "presenter",
}
"""What each of them is in the studio."""
OFFER, SERVERS = "media.offer", "media.servers"
_WAY = re.compile(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", re.MULTILINE)
MAY_SEND = (SpeakerState.CALLED, SpeakerState.ON_AIR)


def sends_pictures(sdp: str) -> bool:
    """Whether an offer has a picture to send (RFC 8866, section 6.7: both ways unless it says otherwise)."""
    session, *media = re.split(r"^(?=m=)", sdp, flags=re.MULTILINE)
    for section in media:
        ways = _WAY.findall(section) or _WAY.findall(session) or ["sendrecv"]
        if section.startswith("m=video") and {"sendrecv", "sendonly"} & set(ways):
            return True
    return False


class SpeakerNamespace(CommandNamespace[Resident]):
    """Camera and microphone go to the studio only from the moment of being called."""

    path = "/speaker"
    tells = frozenset({"state", "studio", "replaced"})
    calls = frozenset({OFFER, SERVERS})

    async def identify(self, environ: dict[str, Any], auth: dict[str, Any]) -> tuple[str, Resident]:
        token, device = text_of(auth, "token"), text_of(auth, "device")
        slot = await speaker_by_token(self.desk, token)
        if not device or slot.device != device:
            raise DeviceReplaced(
                "This link is open on another device. Press Continue here to move your slot to this device."
            )
        return slot.meeting_ref, Resident(slot.registration_id, slot.meeting_id, device)

    async def welcome(self, sid: str, ref: str, actor: Resident) -> None:
        await self.enter_room(sid, speaker_room(actor.registration_id))
        snapshot = await views.speaker_snapshot(self.desk, actor.registration_id, actor.device)
        await self.emit("state", snapshot.model_dump(mode="json"), to=sid)
        if (studio := self.engine.studio_session(ref)) is not None:
            await self.tell_studio(sid, studio)

    async def tell_studio(self, sid: str, studio: int) -> None:
        """Whoever is connected to another one connects anew: their browser would notice seconds later."""
        await self.emit("studio", {"studio": studio}, to=sid)

    async def answer(self, ref: str, actor: Resident, event: str, payload: dict[str, Any]) -> Ack:
        return await dispatch(self.desk, actor, ref, event, payload)

    async def call(self, ref: str, actor: Resident, event: str, payload: dict[str, Any]) -> Ack:
        return await (self._servers(actor) if event == SERVERS else self._offer(ref, actor, payload))

    async def _servers(self, actor: Resident) -> Ack:
        """For whoever still may speak: the test of a device needs them days before the meeting, too."""
        snapshot = await views.speaker_snapshot(self.desk, actor.registration_id, actor.device)
        if not snapshot.device_is_current:
            raise DeviceReplaced("This link is open on another device.")
        if snapshot.state not in LINK_WORKS:
            raise IllegalTransition("Your slot is over.")
        label = f"speaker-{actor.registration_id}"
        return {"ice_servers": self.desk.turn.servers(label, self.desk.clock.now())}

    async def _offer(self, ref: str, actor: Resident, payload: dict[str, Any]) -> Ack:
        sdp = payload.get("sdp")
        if not isinstance(sdp, str):
            raise Invalid("The offer is missing.", field="sdp")
        # In turn, so that nobody is connected after they were hung up on.
        async with self.desk.room(ref).turn:
            snapshot = await views.speaker_snapshot(self.desk, actor.registration_id, actor.device)
            if not snapshot.device_is_current:
                raise DeviceReplaced("This link is open on another device.")
            if snapshot.written:
                raise IllegalTransition("An officer reads out what you wrote: nothing is sent from here.")
            if snapshot.by_phone:
                raise IllegalTransition("You take part by telephone: nothing is sent from here.")
            if snapshot.consent == Consent.SOUND_ONLY and sends_pictures(sdp):
                raise Invalid("You agreed to be heard and not seen, so no camera may be sent.", field="sdp")
            if snapshot.state not in MAY_SEND:
                raise IllegalTransition(
                    "You have not been called yet, so your camera and microphone stay off."
                )
            answer = await self.engine.open_speaker(
                ref, actor.registration_id, snapshot.name, sdp, ROLES[Part(snapshot.part)]
            )
        return {"sdp": answer.sdp, "studio": answer.studio}
