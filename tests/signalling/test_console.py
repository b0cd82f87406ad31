"""Who is refused at the console, what works there when other things do not, and what it is told."""

import asyncio

import pytest

from hub.domain.commands import COMMANDS
from hub.domain.errors import MediaUnavailable
from hub.domain.services.accounts import sign_out
from signalling.console import CUTS
from tests.signalling.clerk import STAFF
from tests.signalling.conftest import Hall
from tests.support.waiting import until

CUTS_WITH = {"meeting.suspend": {"reason": "disturbance"}}


@pytest.mark.parametrize("name", STAFF)
async def test_every_command_is_refused_after_signing_out(hall: Hall, name: str) -> None:
    cookies = await hall.sign_in()
    line = await hall.line("/console", {"meeting": hall.ref}, cookies)
    await sign_out(hall.desk, cookies.partition("=")[2])
    version = await hall.version()
    assert await line.refused(name, client_id="late", confirmed=True) == "sign_in_needed"
    assert await hall.version() == version
    assert not hall.studio.names()


async def test_a_session_that_runs_out_in_the_middle_is_refused(hall: Hall) -> None:
    line = await hall.console()
    hall.clock.advance(hours=12)
    assert await line.refused("questions.open", client_id="late", open=False) == "sign_in_needed"


async def test_a_console_that_was_signed_out_is_told_nothing_more(hall: Hall) -> None:
    cookies = await hall.sign_in()
    line = await hall.line("/console", {"meeting": hall.ref}, cookies)
    other = await hall.console()
    await sign_out(hall.desk, cookies.partition("=")[2])
    await hall.ask("ASKED-LATER")
    async with asyncio.timeout(5):
        await line.hung_up.wait()
    await other.until("state", lambda told: len(told["pending"]) == 1, "the question")
    assert "ASKED-LATER" not in line.everything()


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - set(STAFF)))
async def test_officers_do_not_speak_for_residents_or_viewers(hall: Hall, name: str) -> None:
    line = await hall.console()
    assert await line.refused(name, client_id="one", text="Why?", question_id=1) == "forbidden"


@pytest.mark.parametrize("cut", sorted(CUTS))
async def test_a_cut_works_when_the_database_does_not(hall: Hall, cut: str) -> None:
    await hall.live()
    line = await hall.console()
    works, hall.desk.store = hall.desk.store, Broken()  # type: ignore[assignment]
    answer = await line.ask(cut, client_id="cut", **CUTS_WITH.get(cut, {}))
    assert not hall.studio.open
    assert answer["error"]["code"] == "not_saved"
    assert "no longer see or hear" in answer["error"]["message"]
    assert "hunter2" not in answer["error"]["message"]
    assert await line.refused("meeting.return", client_id="back", confirmed=True) == "not_saved"
    assert not hall.studio.open
    hall.desk.store = works
    assert (await line.ask("questions.open", client_id="on", open=True))["ok"], "the line still works"


async def test_a_studio_that_does_not_answer_is_said_so(hall: Hall) -> None:
    line = await hall.console()
    hall.studio.broken = {"open_room"}
    assert await line.refused("meeting.open_room", client_id="one") == MediaUnavailable.code
    hall.studio.broken = set()
    assert (await line.ask("meeting.open_room", client_id="one"))["ok"], "nothing was kept of the failure"


async def test_one_meeting_cannot_be_run_from_anothers_console(hall: Hall) -> None:
    line = await hall.console()
    number = line.told["state"]["speakers"][0]["id"]
    other = next(ref for ref in await hall.refs() if ref != hall.ref)
    elsewhere = await hall.line("/console", {"meeting": other}, await hall.sign_in())
    assert await elsewhere.refused("speaker.confirm", client_id="x", registration_id=number) == "not_found"
    await hall.ask("ASKED-HERE")
    await line.until("state", lambda told: len(told["pending"]) == 1, "the question here")
    assert "ASKED-HERE" not in elsewhere.everything()


async def test_the_engine_is_told_at_most_four_times_a_second_and_last_of_all_the_last(hall: Hall) -> None:
    line = await hall.console()
    start = asyncio.get_running_loop().time()
    for viewers in range(1, 200):
        hall.engine.viewing = viewers
        hall.engine.watch.touch(hall.ref)
        await asyncio.sleep(0)
    await line.until("engine", lambda told: told["viewers"] == 199, "the last state")
    took = asyncio.get_running_loop().time() - start
    assert len(line.payloads("engine")) <= 3 + took * 4


async def test_an_engine_that_fails_once_is_asked_again(hall: Hall) -> None:
    line = await hall.console()
    hall.engine.says = RuntimeError("a fault")
    asked = len(hall.engine.calls)
    hall.engine.watch.touch(hall.ref)
    await until(lambda: len(hall.engine.calls) > asked, "the engine to be asked")
    hall.engine.says, hall.engine.viewing = None, 7
    hall.engine.watch.touch(hall.ref)
    await line.until("engine", lambda told: told["viewers"] == 7, "the state after the fault")


class Broken:
    """A database that is away."""

    def read(self) -> object:
        raise ConnectionError("the database is away: password=hunter2")

    write = read
