"""Who takes part in a private session."""

import pytest

from hub.domain.errors import Forbidden, IllegalTransition, NotFound, NotSaved
from hub.domain.views import staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import BrokenStore


async def test_nobody_is_in_the_private_session_but_who_is_admitted(house: House) -> None:
    await house.live()
    registered, resident = await house.waiting()
    speaker = registered.registration_id
    with pytest.raises(IllegalTransition, match="not in private session"):
        await house.do("private.admit", registration_ids=[speaker])
    await house.do("meeting.private")
    with pytest.raises(IllegalTransition, match="Sam Lee is not connected"):
        await house.do("private.admit", registration_ids=[speaker])
    await house.do("speaker.call", registration_id=speaker)
    assert house.studio.admitted == []
    await house.do("private.admit", registration_ids=[speaker, speaker])
    assert house.studio.admitted == [speaker]
    assert (await staff_snapshot(house.desk, house.ref)).audit[0].action == "private.admit"
    with pytest.raises(NotFound):
        await house.do("private.admit", registration_ids=[999])
    with pytest.raises(Forbidden):
        await house.do("private.admit", resident, registration_ids=[speaker])
    assert house.studio.admitted == [speaker]
    await house.do("private.admit", registration_ids=[])
    assert house.studio.admitted == []


async def test_an_admission_that_cannot_be_written_down_is_taken_back(house: House) -> None:
    await house.live()
    await house.do("meeting.private")
    house.desk.store = BrokenStore(house.desk.store, reads=True)
    with pytest.raises(NotSaved, match="Nobody is admitted"):
        await house.do("private.admit", registration_ids=[])
    assert house.studio.calls[-1] == ("admit_privately",)
