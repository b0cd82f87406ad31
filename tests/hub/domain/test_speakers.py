from datetime import timedelta

import pytest

from hub.domain.errors import (
    DeviceReplaced,
    DomainError,
    Forbidden,
    IllegalTransition,
    MediaUnavailable,
    NotFound,
    NotSaved,
)
from hub.domain.models import AgendaItem, Registration
from hub.domain.people import Resident
from hub.domain.services.registration import register, speaker_by_token, take_slot
from hub.domain.states.speaker import SpeakerState
from hub.domain.titles import name_caption
from hub.domain.views import chapters, public_snapshot, speaker_snapshot, staff_snapshot
from tests.hub.conftest import House
from tests.hub.fakes import BrokenStore

STAFF_COMMANDS = [
    "speaker.confirm",
    "speaker.decline",
    "speaker.call",
    "speaker.stand_back",
    "speaker.admit",
    "speaker.finish",
    "speaker.miss",
    "speaker.new_link",
]


async def called(house: House, name: str = "Sam Lee") -> int:
    registered, _ = await house.waiting(name)
    await house.do("speaker.call", registration_id=registered.registration_id)
    return registered.registration_id


async def admitted(house: House, name: str = "Sam Lee") -> int:
    number = await called(house, name)
    await house.do("speaker.admit", registration_id=number)
    return number


async def test_way_of_a_speaker(house: House) -> None:
    await house.live()
    registered, _ = await house.waiting()
    number = registered.registration_id
    house.clock.advance(seconds=60)
    assert (await speaker_snapshot(house.desk, number, "phone")).position == 1
    await house.do("speaker.call", registration_id=number)
    assert house.studio.on_air == []
    await house.do("speaker.admit", registration_id=number)
    assert house.studio.on_air == [number]
    speaker = (await public_snapshot(house.desk, house.ref)).speaker
    assert speaker is not None
    assert speaker.timer is not None
    ends = round((house.clock.now() + timedelta(seconds=180)).timestamp() * 1000)
    assert (speaker.name, speaker.timer.ends_ms) == ("Sam Lee", ends)
    point = (await chapters(house.desk, house.ref))[-1]
    assert (point.seconds, point.kind, point.label) == (60, "speaker", "Sam Lee, resident")
    await house.do("speaker.extend", registration_id=number, seconds=30)
    snapshot = await speaker_snapshot(house.desk, number, "phone")
    assert snapshot.timer is not None
    assert (snapshot.timer.ends_ms, snapshot.timer.seconds) == (ends + 30_000, 210)
    await house.do("speaker.finish", registration_id=number)
    assert house.studio.on_air == []
    assert house.studio.names()[-2:] == ["set_on_air", "close_speaker"]
    assert (await public_snapshot(house.desk, house.ref)).speaker is None
    with pytest.raises(Forbidden, match="slot is over"):
        await take_slot(house.desk, registered.token, "phone")


async def test_queue_follows_the_order_of_business(house: House) -> None:
    later = await register(house.desk, house.ref, name="Late", email="l@example.org", item_id=house.items[4])
    sooner = await register(house.desk, house.ref, name="Soon", email="s@example.org", item_id=house.items[2])
    for registered in (later, sooner):
        await house.do("speaker.confirm", registration_id=registered.registration_id)
        await take_slot(house.desk, registered.token, "phone")
        resident = Resident(registered.registration_id, house.meeting_id, "phone")
        await house.do("speaker.check_in", resident)
    positions = [
        (await speaker_snapshot(house.desk, registered.registration_id, "phone")).position
        for registered in (sooner, later)
    ]
    assert positions == [1, 2]
    assert (await public_snapshot(house.desk, house.ref)).speakers_waiting == 2


@pytest.mark.parametrize("name", STAFF_COMMANDS)
async def test_only_staff_decide_about_speakers(house: House, name: str) -> None:
    _, resident = await house.resident()
    for actor in (house.viewer(), resident):
        with pytest.raises(Forbidden):
            await house.do(name, actor, registration_id=resident.registration_id)


@pytest.mark.parametrize("name", STAFF_COMMANDS)
async def test_speaker_of_another_meeting_is_not_found(house: House, name: str) -> None:
    await house.live()
    with pytest.raises(NotFound):
        await house.do(name, registration_id=4711)


@pytest.mark.parametrize(
    "name", ["speaker.call", "speaker.stand_back", "speaker.admit", "speaker.finish", "speaker.miss"]
)
async def test_wrong_state_changes_nothing(house: House, name: str) -> None:
    await house.live()
    registered = await register(house.desk, house.ref, name="Sam", email="sam@example.org")
    version, calls = (await house.meeting()).version, house.studio.names()
    with pytest.raises(IllegalTransition):
        await house.do(name, registration_id=registered.registration_id)
    assert (await house.speaker(registered.registration_id)).state is SpeakerState.SUBMITTED
    assert ((await house.meeting()).version, house.studio.names()) == (version, calls)


async def test_a_speaker_is_named_in_the_picture_before_they_are_on_air(house: House) -> None:
    await house.live()
    number = await admitted(house)
    captions = [call for call in house.studio.calls if call[0] == "caption_speaker"]
    assert captions[0][1] == str(number)
    assert captions[0][2].startswith("Sam Lee, resident")
    names = house.studio.names()
    assert names.index("caption_speaker") < names.index("set_on_air")


def test_the_name_ends_where_what_they_are_begins() -> None:
    item = AgendaItem(meeting_id=1, position=1, number="7.", title="SECRET")
    assert name_caption(Registration(meeting_id=1, name="Lee, Sam", token_hash=""), item) == (
        "Lee Sam, resident, item 7"
    )
    assert (
        name_caption(Registration(meeting_id=1, name="Sam Lee", token_hash=""), None) == "Sam Lee, resident"
    )


async def test_nobody_is_admitted_unless_the_meeting_is_live(house: House) -> None:
    await house.live()
    number = await called(house)
    await house.do("meeting.private")
    with pytest.raises(IllegalTransition, match="private"):
        await house.do("speaker.admit", registration_id=number)
    assert "set_on_air" not in house.studio.names()


async def test_several_are_on_air_when_each_is_admitted(house: House) -> None:
    await house.live()
    first, second = await admitted(house), await admitted(house, "Jo")
    assert house.studio.on_air == [first, second]
    await house.do("speaker.finish", registration_id=first)
    assert house.studio.on_air == [second]


@pytest.mark.parametrize("broken", ["studio", "database"])
async def test_admitting_that_fails_leaves_nobody_on_air(house: House, broken: str) -> None:
    await house.live()
    number = await called(house)
    store = house.desk.store
    if broken == "studio":
        house.studio.before = lambda call: house.studio.broken.add(call) if call == "set_on_air" else None
    else:
        house.desk.store = BrokenStore(store, reads=True)
    with pytest.raises((MediaUnavailable, NotSaved)):
        await house.do("speaker.admit", registration_id=number)
    house.desk.store = store
    assert house.studio.on_air == []
    assert (await house.speaker(number)).state is SpeakerState.CALLED


async def test_a_seventh_speaker_waits_until_one_is_taken_off(house: House) -> None:
    await house.live()
    six = [await admitted(house, f"Sam {number}") for number in range(6)]
    seventh = await called(house, "Jo")
    with pytest.raises(
        IllegalTransition, match="At most 6 speakers can be on air at once: take one off first"
    ):
        await house.do("speaker.admit", registration_id=seventh)
    assert house.studio.on_air == six
    assert (await house.speaker(seventh)).state is SpeakerState.CALLED
    await house.do("speaker.finish", registration_id=six[0])
    await house.do("speaker.admit", registration_id=seventh)
    assert house.studio.on_air == [*six[1:], seventh]


async def test_slot_ends_though_the_studio_does_not_answer(house: House) -> None:
    await house.live()
    number = await admitted(house)
    house.studio.broken = {"set_on_air", "close_speaker"}
    answer = await house.do("speaker.finish", registration_id=number)
    assert "still seen or heard" in answer["warning"]
    assert (await house.speaker(number)).state is SpeakerState.DONE


async def test_slot_ends_though_another_speaker_has_vanished(house: House) -> None:
    """The studio refuses a list with somebody in it who is not connected; hanging up works all the same."""
    await house.live()
    number = await admitted(house)
    house.studio.broken = {"set_on_air"}
    assert await house.do("speaker.finish", registration_id=number) == {}
    assert house.studio.names()[-1] == "close_speaker"


async def test_speaker_who_may_be_on_air_after_all_is_said(house: House) -> None:
    await house.live()
    number = await called(house)
    house.desk.store = BrokenStore(house.desk.store, reads=True)

    def break_after_the_first(call: str) -> None:
        if call == "set_on_air" and "set_on_air" in house.studio.names():
            house.studio.broken.add(call)

    house.studio.before = break_after_the_first
    with pytest.raises(MediaUnavailable, match="may be on air all the same: cut"):
        await house.do("speaker.admit", registration_id=number)


async def test_stand_back_and_miss_hang_up(house: House) -> None:
    await house.live()
    number = await called(house)
    await house.do("speaker.stand_back", registration_id=number)
    assert house.studio.names()[-1] == "close_speaker"
    await house.do("speaker.miss", registration_id=number)
    assert (await house.speaker(number)).state is SpeakerState.NO_SHOW


async def test_new_link_is_shown_once_and_replaces_the_old(house: House) -> None:
    registered, _ = await house.resident()
    answer = await house.do("speaker.new_link", registration_id=registered.registration_id, client_id="link")
    with pytest.raises(NotFound):
        await speaker_by_token(house.desk, registered.token)
    assert (await speaker_by_token(house.desk, answer["token"])).name == "Sam Lee"
    again = await house.do("speaker.new_link", registration_id=registered.registration_id, client_id="link")
    assert again == {"token": None, "short_code": None}, (
        "a token is never stored, so it cannot be given again"
    )


async def test_second_device_replaces_the_first(house: House) -> None:
    registered, resident = await house.resident()
    taken = await take_slot(house.desk, registered.token, "laptop")
    assert (taken.old_device, taken.meeting_ref) == ("phone", house.ref)
    with pytest.raises(DeviceReplaced):
        await house.do("speaker.check_in", resident)
    assert not (await speaker_snapshot(house.desk, registered.registration_id, "phone")).device_is_current
    assert (await take_slot(house.desk, registered.token, "laptop")).old_device == ""


async def test_second_device_of_a_speaker_on_air_is_not_on_air(house: House) -> None:
    await house.live()
    registered, _ = await house.waiting()
    await house.do("speaker.call", registration_id=registered.registration_id)
    await house.do("speaker.admit", registration_id=registered.registration_id)
    await take_slot(house.desk, registered.token, "laptop")
    assert house.studio.names()[-1] == "close_speaker"
    assert (await house.speaker(registered.registration_id)).state is SpeakerState.CALLED


@pytest.mark.parametrize("on_air", [False, True])
async def test_old_device_that_cannot_be_hung_up_matters_only_on_air(house: House, on_air: bool) -> None:
    await house.live()
    registered, _ = await house.waiting()
    await house.do("speaker.call", registration_id=registered.registration_id)
    if on_air:
        await house.do("speaker.admit", registration_id=registered.registration_id)
    house.studio.broken = {"close_speaker"}
    if on_air:
        with pytest.raises(MediaUnavailable):
            await take_slot(house.desk, registered.token, "laptop")
    else:
        await take_slot(house.desk, registered.token, "laptop")
    device = (await house.speaker(registered.registration_id)).device
    assert device == ("phone" if on_air else "laptop")


async def test_checking_in_again_loses_nothing(house: House) -> None:
    await house.live()
    registered, resident = await house.waiting()
    await house.do("speaker.call", registration_id=registered.registration_id)
    await house.do("speaker.check_in", resident, device_check={"camera": "Webcam", "microphone": True})
    row = await house.speaker(registered.registration_id)
    assert (row.state, row.device_check) == (SpeakerState.CALLED, {"camera": "Webcam", "microphone": True})


async def test_unconfirmed_resident_cannot_check_in(house: House) -> None:
    registered = await register(house.desk, house.ref, name="Sam", email="sam@example.org")
    await take_slot(house.desk, registered.token, "phone")
    with pytest.raises(IllegalTransition):
        await house.do("speaker.check_in", Resident(registered.registration_id, house.meeting_id, "phone"))


async def test_withdrawing(house: House) -> None:
    await house.live()
    registered, resident = await house.waiting()
    await house.do("speaker.call", registration_id=registered.registration_id)
    await house.do("speaker.withdraw", resident)
    assert house.studio.names()[-1] == "close_speaker"
    assert (await house.speaker(registered.registration_id)).state is SpeakerState.WITHDRAWN


async def test_extending_only_while_the_link_works(house: House) -> None:
    await house.live()
    number = await admitted(house)
    house.clock.advance(seconds=200)
    await house.do("speaker.extend", registration_id=number, seconds=60)
    assert (await house.speaker(number)).ends_at == house.clock.now() + timedelta(seconds=60)
    await house.do("speaker.finish", registration_id=number)
    with pytest.raises(DomainError):
        await house.do("speaker.extend", registration_id=number, seconds=60)


async def test_every_decision_is_in_the_log(house: House) -> None:
    await house.live()
    await admitted(house)
    actions = [line.action for line in (await staff_snapshot(house.desk, house.ref)).audit]
    assert actions[:6] == [
        "speaker.admit",
        "speaker.call",
        "speaker.check_in",
        "speaker.take_slot",
        "speaker.confirm",
        "speaker.register",
    ]
