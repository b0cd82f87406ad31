"""A speaker's personal page. Looking at it never takes the slot: only the button does."""

from aiohttp import web

from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.errors import Invalid
from hub.domain.people import Part, Resident
from hub.domain.rules import Consent
from hub.domain.services import registration
from hub.domain.snapshots import SpeakerSnapshot
from hub.domain.states.meeting import MeetingState
from hub.domain.states.speaker import LINK_WORKS, WAITING, SpeakerState
from web import language, visitors
from web.keys import DESK
from web.language import gettext as _
from web.meetings import WITH_RECORDING
from web.recorded import recorded
from web.templating import render

LEAD_IN = 2.0
"""Seconds before somebody was on air: the chair says their name there."""
_NOTHING = {"camera": "()", "microphone": "()", "display-capture": "()", "geolocation": "()"}


def _lend(*devices: str) -> str:
    granted = _NOTHING | dict.fromkeys(devices, "(self)")
    return ", ".join(f"{name}={to}" for name, to in granted.items())


LENT = {
    Part.SPEAKER: _lend("camera", "microphone"),
    Part.INTERPRETER: _lend("microphone"),
    Part.SIGNER: _lend("camera"),
    Part.PRESENTER: _lend("display-capture"),
}
"""What the page may ask the browser for (Permissions Policy)."""


def lent(snapshot: SpeakerSnapshot) -> str:
    """The same for one person: who agreed to sound only is not asked for a camera."""
    if snapshot.written:
        return _lend()
    sound_only = snapshot.part == Part.SPEAKER and snapshot.consent == Consent.SOUND_ONLY
    return _lend("microphone") if sound_only else LENT[Part(snapshot.part)]


async def show(request: web.Request) -> web.Response:
    """What the link is for, or, on the device that holds the slot, the speaker's page itself."""
    desk = request.app[DESK]
    token = request.match_info["token"]
    resident = await registration.speaker_by_token(desk, token)
    device = visitors.device(request, visitors.SPEAKER_COOKIE)
    snapshot = await views.speaker_snapshot(desk, resident.registration_id, device)
    active = snapshot.state in LINK_WORKS
    if active and not snapshot.written and not (device and snapshot.device_is_current):
        return _private(
            render(
                request,
                "pages/speak_ask.html",
                {
                    "speaker": snapshot,
                    "taken": bool(resident.device),
                    "words": words(snapshot),
                    "task": tasks().get(Part(snapshot.part), ""),
                },
            )
        )
    context = {
        "speaker": snapshot,
        "words": words(snapshot),
        "active": active,
        "moment": f"{request.path}/moment" if snapshot.has_moment and not active else "",
        "can_withdraw": active and snapshot.state != SpeakerState.ON_AIR,
        "data": {
            "token": token,
            "device": device,
            "snapshot": snapshot.model_dump(mode="json"),
            "urls": {
                # They see it small, and their line has their own camera to carry.
                "whep": f"/meetings/{snapshot.meeting_ref}/whep?rendition=360p",
                "meeting": f"{language.prefix()}/meetings/{snapshot.meeting_ref}",
                "moment": f"{language.prefix()}/speak/{token}/moment",
                "privacy": f"{language.prefix()}/privacy",
            },
            "strings": language.island_strings(),
            "sentences": language.sentences(),
            "socket": "/socket.io/",
        },
    }
    response = render(request, "pages/speak.html", context)
    response.headers["Permissions-Policy"] = lent(snapshot)
    return _private(response)


async def act(request: web.Request) -> web.Response:
    """``continue`` takes the slot for this device; ``withdraw`` gives it up."""
    desk = request.app[DESK]
    token = request.match_info["token"]
    action = (await request.post()).get("action")
    response = web.Response(status=303, headers={"Location": request.path})
    if action == "continue":
        device = desk.tokens.new()
        await registration.take_slot(desk, token, device)
        visitors.keep_speaker_device(request, response, device, request.path)
    elif action == "withdraw":
        known = await registration.speaker_by_token(desk, token)
        device = visitors.device(request, visitors.SPEAKER_COOKIE)
        if not device or device != known.device:
            # Whoever has the link may give the place up, on whatever device they opened it.
            device = desk.tokens.new()
            await registration.take_slot(desk, token, device)
        actor = Resident(known.registration_id, known.meeting_id, device)
        await dispatch(
            desk, actor, known.meeting_ref, "speaker.withdraw", {"client_id": f"form-{desk.tokens.new()}"}
        )
    else:
        raise Invalid("The form was not complete. Open your link again.", field="action")
    return _private(response)


async def moment(request: web.Request) -> web.Response:
    """Where they spoke, in the recording; the meeting's page as long as there is none."""
    desk = request.app[DESK]
    holder = await registration.speaker_by_token(desk, request.match_info["token"])
    target = f"{language.prefix()}/meetings/{holder.meeting_ref}"
    seconds = await views.spoke_at(desk, holder.registration_id)
    state = (await views.public_snapshot(desk, holder.meeting_ref)).state
    found = await recorded(request, holder.meeting_ref) if MeetingState(state) in WITH_RECORDING else None
    if seconds is not None and found is not None:
        target += f"?t={max(0.0, found.timeline.to_playback(seconds) - LEAD_IN):.0f}"
    return _private(web.Response(status=303, headers={"Location": target}))


def words(speaker: SpeakerSnapshot) -> str:
    """Where they stand, for those without scripts."""
    if speaker.part != Part.SPEAKER and speaker.state in (SpeakerState.CONFIRMED, SpeakerState.ON_AIR):
        return tasks()[Part(speaker.part)]
    written = written_words() if speaker.written else {}
    if speaker.state in written:
        return written[SpeakerState(speaker.state)]
    if speaker.by_phone and _is_here(speaker):
        return _("You take part by telephone. An officer puts you through to the meeting.")
    if speaker.late and speaker.state == SpeakerState.WAITING_LIST:
        return language.said("The deadline has passed. The chair decides whether there is time for you.")
    sentences = {
        SpeakerState.SUBMITTED: _("Your registration has arrived. An officer will confirm it."),
        SpeakerState.CONFIRMED: _(
            "Your place is confirmed. Come back to this page ten minutes before the meeting."
        ),
        SpeakerState.WAITING_LIST: _(
            "All places are taken: you are on the waiting list. An officer will tell you if one comes free."
        ),
        SpeakerState.DECLINED: _(
            "An officer could not accept your registration. Contact the council if you want to know why."
        ),
        SpeakerState.CHECKED_IN: _("You are in the waiting room."),
        SpeakerState.CALLED: _("You are next."),
        SpeakerState.ON_AIR: _("You are on air."),
        SpeakerState.DONE: _("You have spoken. You are off air, and this link has done its work. Thank you."),
        SpeakerState.NO_SHOW: _(
            "You were called and were not there. If you are here now, tell the council’s officer."
        ),
        SpeakerState.WITHDRAWN: _("You have given up your place."),
        SpeakerState.REVOKED: _("An officer has taken your invitation back."),
        SpeakerState.REMOVED: _("An officer has taken you out of the meeting: %(reason)s")
        % {"reason": speaker.removed_for},
    }
    return sentences[SpeakerState(speaker.state)]


def _is_here(speaker: SpeakerSnapshot) -> bool:
    """Whether they wait, or are on air."""
    return speaker.state in (*WAITING, SpeakerState.ON_AIR)


def written_words() -> dict[SpeakerState, str]:
    """Where something written stands that an officer reads out, or gives to the members."""
    return {
        SpeakerState.SUBMITTED: _("What you wrote has arrived. An officer will confirm it."),
        SpeakerState.CONFIRMED: _("An officer brings what you wrote to the meeting. You need not be there."),
        SpeakerState.DONE: _("What you wrote was read out at the meeting. Thank you."),
        SpeakerState.WITHDRAWN: _("You have taken back what you wrote."),
    }


def tasks() -> dict[Part, str]:
    """What those are here for who were invited."""
    return {
        Part.INTERPRETER: _(
            "You interpret at this meeting: you are heard in the interpreted sound, and not seen."
        ),
        Part.SIGNER: _("You interpret into sign language at this meeting: you are seen, and not heard."),
        Part.PRESENTER: _("You show your screen at this meeting."),
    }


def _private(response: web.Response) -> web.Response:
    """The address is a secret."""
    response.headers["Cache-Control"] = "no-store"
    return response


def localised() -> list[web.RouteDef]:
    """Addresses of this module, in every language."""
    return [
        web.get("/speak/{token}", show),
        web.post("/speak/{token}", act),
        web.get("/speak/{token}/moment", moment),
    ]
