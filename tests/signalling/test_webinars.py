"""A webinar by socket: figures of polls when they are shown, and a hand's link to its own device alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.domain.services.webinars import NewWebinar, create_webinar
from tests.signalling.clerk import OF_WEBINARS, STAFF, Clerk
from tests.signalling.conftest import Hall

IDA, BOB = "device-of-ida", "device-of-bob"


@pytest.fixture
async def webinar(hall: Hall) -> Hall:
    """The same server, at a webinar that is on."""
    wanted = NewWebinar("Caring for somebody at home", hall.clock.now() + timedelta(days=1))
    ref = await create_webinar(hall.desk, hall.seed.clerk, wanted, "the form")
    there = replace(hall, seed=replace(hall.seed, meeting_ref=ref))
    await there.live()
    return there


async def test_figures_come_when_they_are_shown_and_not_before(webinar: Hall) -> None:
    ida, bob, console = await webinar.viewer(IDA), await webinar.viewer(BOB), await webinar.console()
    made = await webinar.do("poll.create", text="What helps?", kind="single", options=["Time", "Money"])
    poll = made["poll_id"]
    await webinar.do("poll.open", poll_id=poll)
    await ida.version(await webinar.version())
    for _ in range(2):
        answer = await ida.ask("poll.vote", client_id="one", poll_id=poll, choices=[2])
        assert answer == {"ok": True, "choices": [2]}
    told = await console.until(
        "state", lambda state: state["polls"][0]["figures"]["counts"] == [0, 1], "the answer at once"
    )
    assert told["polls"][0]["shown"] is False
    await bob.version(await webinar.version())
    assert bob.told["state"]["polls"][0]["figures"] is None
    assert '"counts"' not in bob.everything()
    await webinar.do("poll.show", poll_id=poll)
    await bob.version(await webinar.version())
    assert bob.told["state"]["polls"][0]["figures"] == {"people": 1, "counts": [0, 1], "mean": None}
    assert await bob.refused("poll.vote", client_id="one", poll_id=poll, choices=[3]) == "invalid"
    assert await bob.refused("poll.open", client_id="two", poll_id=poll) == "forbidden"


async def test_the_link_of_a_hand_goes_to_its_own_device_and_to_nobody_else(webinar: Hall) -> None:
    ida, bob, console = await webinar.viewer(IDA), await webinar.viewer(BOB), await webinar.console()
    hand = (await ida.ask("hand.raise", client_id="one", name="Ida Poe"))["hand_id"]
    told = await console.until("state", lambda state: bool(state["raised"]), "the hand")
    assert told["raised"][0]["name"] == "Ida Poe"
    assert await bob.refused("hand.lower", client_id="one", hand_id=hand) == "not_found"
    await webinar.do("hand.ask", hand_id=hand)
    await ida.until("hand", lambda own: own["state"] == "asked", "the question whether she agrees")
    agreed = await ida.ask("hand.accept", client_id="two", hand_id=hand, consent="sound_only")
    token = agreed["token"]
    again = await ida.ask("hand.accept", client_id="two", hand_id=hand, consent="sound_only")
    assert (bool(token), again["token"]) == (True, None)
    await ida.until("hand", lambda own: own["token"] == token, "the link")
    other_page = await webinar.viewer(IDA)
    await other_page.until("hand", lambda own: own["token"] == token, "the link, on connect")
    await bob.version(await webinar.version())
    for line in (bob, console, await webinar.viewer("device-of-mallory")):
        assert token not in line.everything()
    assert bob.payloads("hand") == []
    assert "Ida Poe" not in bob.everything()


async def test_every_command_of_a_webinar_is_answered_and_a_replay_changes_nothing(webinar: Hall) -> None:
    clerk, ida, bob = (
        Clerk(webinar, await webinar.console()),
        await webinar.viewer(IDA),
        await webinar.viewer(BOB),
    )
    await clerk.do("presenter.invite", name="Ann Ash", email="ann@example.org")
    question = {"text": "How was it?", "kind": "scale", "top": 5}
    await clerk.do("poll.discard", poll_id=(await clerk.do("poll.create", **question))["poll_id"])
    poll = (await clerk.do("poll.create", **question))["poll_id"]
    for step in ("open", "show", "hide", "close"):
        await clerk.do(f"poll.{step}", poll_id=poll)
    for viewer, step in ((ida, "ask"), (bob, "dismiss")):
        hand = (await viewer.ask("hand.raise", client_id="one", name="Ida Poe"))["hand_id"]
        await clerk.line.version(await webinar.version())
        await clerk.do(f"hand.{step}", hand_id=hand)
    assert set(clerk.sent) == {name for name in STAFF if name.startswith(OF_WEBINARS)}, "every command"
