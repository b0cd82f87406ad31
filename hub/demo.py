"""``moothall demo``: everything embedded, a seeded council, one live meeting, and the links to all of it."""

import os

from pydantic import BaseModel

from hub.app import Hub, address_of
from hub.domain import views
from hub.domain.commands import dispatch
from hub.domain.demo_council import Seed, seed
from hub.domain.people import Staff
from hub.domain.states.meeting import MeetingState


class DemoLinks(BaseModel):
    """What ``moothall demo --json`` prints on one line (design section 4)."""

    home: str
    meeting: str
    console: str
    speaker: str
    whep: str
    hls: str
    whip: str
    whip_token: str
    rtmp: str
    srt: str
    api: str
    pid: int


async def start_demo(hub: Hub) -> DemoLinks:
    """Seed the council and take its meeting live with the same commands that a clerk's console sends."""
    planted = await seed(hub.desk)
    await _bring_live(hub, planted.meeting_ref, planted.clerk)
    return _links(hub, planted)


async def _bring_live(hub: Hub, ref: str, clerk: Staff) -> None:
    snapshot = await views.public_snapshot(hub.desk, ref)
    if snapshot.state == MeetingState.SCHEDULED:
        await dispatch(hub.desk, clerk, ref, "meeting.open_room", {"client_id": "demo-open-room"})
        go = {"client_id": "demo-go-live", "confirmed": True}
        await dispatch(hub.desk, clerk, ref, "meeting.go_live", go)
        snapshot = await views.public_snapshot(hub.desk, ref)
        first = {"client_id": "demo-first-item", "expected_version": snapshot.version}
        await dispatch(hub.desk, clerk, ref, "item.next", first)


def _links(hub: Hub, planted: Seed) -> DemoLinks:
    home = address_of(hub.settings)
    meeting = f"{home}/meetings/{planted.meeting_ref}"
    host = hub.settings.host
    return DemoLinks(
        home=f"{home}/",
        meeting=meeting,
        console=f"{home}/sign-in/{planted.sign_in_token}",
        speaker=f"{home}/speak/{planted.speaker_token}",
        whep=f"{meeting}/whep",
        hls=f"{meeting}/hls/main.m3u8",
        whip=f"{home}/whip/{planted.meeting_ref}/chamber",
        whip_token=planted.stream_key,
        rtmp=f"rtmp://{host}:{hub.settings.rtmp_port}/live/{planted.stream_key}",
        srt=f"srt://{host}:{hub.settings.srt_port}?streamid={planted.stream_key}",
        api=f"{home}/api/v1",
        pid=os.getpid(),
    )


WORDS = """
Moot Hall is running. A council meeting is live, with a generated chamber feed.

  Watch it          {meeting}
  Run it (clerk)    {console}
  Speak in it       {speaker}
  Home page         {home}

  Encoders          {rtmp}
                    {srt}
                    {whip}   (Bearer {whip_token})

Ctrl-C ends it.
"""
