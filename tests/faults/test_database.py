"""The database is stuck: the cut works all the same, nothing opens, and the clerk is told what is true."""

import asyncio

from tests.faults.conftest import Running, locked
from tests.support.sockets import RefusalError

AT_ONCE = 1.5
"""Seconds: the console is told four times a second; SQLite's busy time-out is five."""


async def test_the_cut_does_not_wait_for_a_database_that_is_stuck(running: Running) -> None:
    await running.take_live()
    with locked(running.data):
        cut = asyncio.create_task(running.refused("gate.cut"))
        studio = await running.gate("technical", AT_ONCE)
        assert studio["gate"]["slate"]["title"] == "The broadcast has stopped for technical reasons"
        assert not cut.done(), "the clerk is told later; the public see nothing now"
        refusal = await cut
    assert refusal.code == "not_saved"
    assert "no longer see or hear" in refusal.message
    assert "database" in refusal.message
    await running.clerk.call("gate.cut")
    await running.clerk.until("state", lambda told: told["public"]["state"] == "technical", "what is true")


async def test_nothing_is_opened_while_the_database_is_stuck(running: Running) -> None:
    refusal, _ = await _return_while_stuck(running)
    assert refusal.code == "not_saved"
    assert "The public see the slate" in refusal.message
    assert running.clerk.told["state"]["public"]["state"] == "private"


async def test_nothing_is_opened_for_a_moment_either(running: Running) -> None:
    _, gates = await _return_while_stuck(running)
    assert "open" not in gates, f"the public saw the meeting for {gates.count('open') / 4:g} s"


async def _return_while_stuck(running: Running) -> tuple[RefusalError, list[str]]:
    """Return from a private session in vain: what the clerk is told, and all states of the gate meanwhile."""
    await running.take_live()
    await running.clerk.call("meeting.private", item_id=None, paragraphs=[3])
    await running.gate("private")
    heard = len(running.clerk.heard)
    with locked(running.data):
        refusal = await running.refused("meeting.return", confirmed=True)
    await running.gate("private", AT_ONCE)
    since = [one.payload for one in running.clerk.heard[heard:] if one.event == "engine"]
    return refusal, [told["studio"]["gate"]["state"] for told in since]
