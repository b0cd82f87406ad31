"""Who is let in, and what those who are not are told."""

from datetime import timedelta

import pytest

from hub.domain.services.accounts import sign_out
from tests.signalling.conftest import COOKIE, Hall
from tests.signalling.line import Line
from tests.support.waiting import until


async def test_everybody_is_let_in_to_watch_and_told_the_state_at_once(hall: Hall) -> None:
    viewer = await hall.viewer()
    assert viewer.told["state"]["ref"] == hall.ref
    await viewer.until("mine", lambda mine: mine == [], "no questions of one's own")


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        ({"meeting": "2026-11-26-no-such-meeting", "device": "device-of-ann"}, "not_found"),
        ({"meeting": "\x00", "device": "device-of-ann"}, "not_found"),
        ({"meeting": "", "device": "device-of-ann"}, "not_found"),
        ({"device": "device-of-ann"}, "not_found"),
        ({"meeting": "REF"}, "invalid"),
        ({"meeting": "REF", "device": "short"}, "invalid"),
        ({"meeting": "REF", "device": "d" * 65}, "invalid"),
        ({"meeting": "REF", "device": "device\x00of-ann"}, "invalid"),
        ({"meeting": "REF", "device": 12345678}, "invalid"),
        ({"meeting": ["REF"], "device": "device-of-ann"}, "invalid"),
        ({"meeting": "REF" * 200, "device": "device-of-ann"}, "invalid"),
        (["REF", "device-of-ann"], "invalid"),
        ("REF", "invalid"),
        (None, "invalid"),
    ],
)
async def test_an_audience_that_says_nonsense_is_told_so(hall: Hall, auth: object, code: str) -> None:
    if isinstance(auth, dict) and auth.get("meeting") == "REF":
        auth = {**auth, "meeting": hall.ref}
    assert await Line("/audience").turned_away(hall.address, auth) == code
    assert not hall.namespaces.audience.actors


async def test_a_speaker_is_known_by_link_and_device(hall: Hall) -> None:
    speaker = await hall.speaker()
    state = speaker.told["state"]
    assert (state["name"], state["state"], state["device_is_current"]) == ("Sam Lee", "confirmed", True)


@pytest.mark.parametrize(
    ("token", "device", "code"),
    [
        ("somebody-elses", "phone-of-sam", "not_found"),
        ("", "phone-of-sam", "not_found"),
        ("\x00", "phone-of-sam", "not_found"),
        (7, "phone-of-sam", "invalid"),
        ("TOKEN", "tablet-of-sam", "device_replaced"),
        ("TOKEN", "", "device_replaced"),
        ("TOKEN", None, "invalid"),
    ],
)
async def test_a_foreign_token_or_device_is_refused(
    hall: Hall, token: object, device: object, code: str
) -> None:
    await hall.take_slot("phone-of-sam")
    token = hall.seed.speaker_token if token == "TOKEN" else token
    auth = {"token": token, "device": device}
    assert await Line("/speaker").turned_away(hall.address, auth) == code
    assert not hall.namespaces.speakers.actors


async def test_a_link_that_nobody_continued_with_lets_nobody_in(hall: Hall) -> None:
    auth = {"token": hall.seed.speaker_token, "device": "phone-of-sam"}
    assert await Line("/speaker").turned_away(hall.address, auth) == "device_replaced"


async def test_staff_are_known_by_their_session(hall: Hall) -> None:
    console = await hall.console()
    assert console.told["state"]["public"]["ref"] == hall.ref
    assert set(console.told["engine"]) == {
        "studio",
        "recorder",
        "packager",
        "viewers",
        "alarms",
        "refusals",
        "document",
        "disk_hours",
    }


@pytest.mark.parametrize("cookies", ["", f"{COOKIE}=guessed", f"{COOKIE}=", "other=x", f"{COOKIE}=\x7f;;=;"])
async def test_nobody_else_gets_into_the_console(hall: Hall, cookies: str) -> None:
    code = await Line("/console").turned_away(hall.address, {"meeting": hall.ref}, cookies)
    assert code == "sign_in_needed"
    assert not hall.namespaces.console.actors


async def test_the_console_of_an_unknown_meeting_is_refused(hall: Hall) -> None:
    cookies = await hall.sign_in()
    assert await Line("/console").turned_away(hall.address, {"meeting": "nowhere"}, cookies) == "not_found"


async def test_a_session_that_ended_opens_nothing(hall: Hall) -> None:
    cookies = await hall.sign_in()
    await sign_out(hall.desk, cookies.partition("=")[2])
    auth = {"meeting": hall.ref}
    assert await Line("/console").turned_away(hall.address, auth, cookies) == "sign_in_needed"
    late = await hall.sign_in()
    hall.clock.moment += timedelta(hours=12)
    assert await Line("/console").turned_away(hall.address, auth, late) == "sign_in_needed"


async def test_who_leaves_is_forgotten(hall: Hall) -> None:
    viewer = await hall.viewer()
    assert hall.namespaces.audience.present(hall.ref)
    await viewer.close()
    await until(lambda: not hall.namespaces.audience.actors, "the viewer to be forgotten")
