"""From what the studio says to a place that is kept, and to one that is given up."""

from pathlib import Path

import pytest

from hub.domain.states.speaker import SpeakerState
from hub.supervision import places
from hub.supervision.places import PlaceKeeper
from media.control.feeds import FeedStatus
from media.control.studio import GateState, GateStatus, SlateText, StudioStatus
from tests.hub.conftest import House
from tests.hub.fakes import studio_status
from tests.web.engine import FakeEngine


def status(*feeds: FeedStatus) -> StudioStatus:
    gate = GateStatus(state=GateState.OPEN, slate=SlateText(title="x"), since_ms=0, changes=1)
    return studio_status(gate, *feeds)


def feed(speaker: int, arriving: bool) -> FeedStatus:
    state = "live" if arriving else "stalled"
    return FeedStatus(source=str(speaker), kind="speaker", label="Sam", state=state, sentence="")


@pytest.fixture
async def keeper(house: House, tmp_path: Path) -> PlaceKeeper:
    return PlaceKeeper(house.desk, FakeEngine(tmp_path), lambda ref: set())


async def test_time_passes_though_nothing_new_is_said(
    house: House, keeper: PlaceKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "LOOK_EVERY", 0.0)
    await house.live()
    registered, _ = await house.waiting()
    speaker = registered.registration_id
    await house.do("speaker.call", registration_id=speaker)
    chamber = FeedStatus(source="chamber", kind="srt", label="", state="live", sentence="")
    await keeper.look(house.ref, status(chamber, feed(speaker, arriving=True)))
    assert house.desk.room(house.ref).lost == {}
    await keeper.look(house.ref, status(chamber, feed(speaker, arriving=False)))
    assert set(house.desk.room(house.ref).lost) == {speaker}
    house.clock.advance(minutes=2)
    await keeper.look(house.ref, status(chamber, feed(speaker, arriving=False)))
    assert (await house.speaker(speaker)).state is SpeakerState.NO_SHOW


async def test_a_meeting_in_which_nothing_changes_costs_no_query(house: House, keeper: PlaceKeeper) -> None:
    await house.live()
    await keeper.look(house.ref, status(feed(7, arriving=True)))
    house.desk.store = None  # type: ignore[assignment]
    await keeper.look(house.ref, status(feed(7, arriving=True)))
