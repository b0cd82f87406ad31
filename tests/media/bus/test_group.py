"""The kept group begins with a key picture; a full backlog goes on at one."""

from media.bus.group import Backlog, KeptGroup
from tests.media.bus.units import picture, small, sound


def test_keeps_everything_since_the_last_key_picture() -> None:
    group = KeptGroup()
    for unit in (
        sound(0),
        picture(0, key=True),
        picture(1),
        sound(1),
        picture(2, key=True),
        sound(2),
        picture(3),
    ):
        group.add(unit)
    assert group.units == (picture(2, key=True), sound(2), picture(3))
    assert group.has_picture


def test_pictures_without_a_beginning_are_not_kept() -> None:
    group = KeptGroup()
    for unit in (picture(5), sound(0), picture(6)):
        group.add(unit)
    assert group.units == (sound(0),)
    assert not group.has_picture


def test_a_new_session_starts_afresh() -> None:
    group = KeptGroup()
    for unit in (picture(0, key=True), sound(0), sound(0, session=8)):
        group.add(unit)
    assert group.units == (sound(0, session=8),)


def test_sound_alone_is_bounded() -> None:
    group = KeptGroup(limit=3)
    for number in range(10):
        group.add(sound(number))
    assert group.units == (sound(7), sound(8), sound(9))


def test_an_endless_group_loses_its_pictures_only() -> None:
    group = KeptGroup(limit=4)
    for unit in (picture(0, key=True), sound(0), picture(1), sound(1), picture(2), sound(2)):
        group.add(unit)
    assert list(group.units) == [sound(0), sound(1), sound(2)]
    assert not group.has_picture
    group.add(picture(3, key=True))
    assert list(group.units) == [picture(3, key=True)]


def test_a_full_backlog_continues_at_the_next_key_picture() -> None:
    backlog = Backlog(limit=3)
    units = (picture(0, key=True), picture(1), sound(0), picture(2), sound(1), picture(3, key=True))
    fitted = [backlog.offer(unit, unit.data) for unit in units]
    assert fitted == [True, True, True, False, True, True]
    assert [backlog.take() for _ in range(len(backlog))] == [sound(1).data, picture(3, key=True).data]
    assert backlog.overflows == 1


def test_a_backlog_gives_several_frames_at_once() -> None:
    backlog = Backlog()
    frames = [sound(number).data for number in range(4)]
    for number, frame in enumerate(frames):
        backlog.offer(sound(number), frame)
    assert backlog.take_together(41) == frames[0] + frames[1]
    assert backlog.take_together(1000) == frames[2] + frames[3]
    assert backlog.take_together(1000) == b""


def test_both_renditions_begin_with_their_key_pictures() -> None:
    group = KeptGroup()
    old = [sound(0), small(0, key=True), picture(0, key=True), sound(1), small(1), picture(1), sound(2)]
    new = [small(2, key=True), picture(2, key=True), sound(3), small(3), picture(3)]
    for unit in old + new[:1]:
        group.add(unit)
    assert list(group.units) == [picture(0, key=True), sound(1), picture(1), sound(2), small(2, key=True)]
    for unit in new[1:]:
        group.add(unit)
    assert list(group.units) == new


def test_a_rendition_without_end_does_not_cost_the_other_its_group() -> None:
    group = KeptGroup(limit=6)
    for unit in (small(0, key=True), picture(0, key=True), small(1), picture(1), picture(2, key=True)):
        group.add(unit)
    for number in range(3, 6):
        group.add(small(number - 1))
        group.add(picture(number))
    assert list(group.units) == [picture(2, key=True), picture(3), picture(4), picture(5)]
    group.add(small(5))
    assert group.has_picture
    assert small(5) not in group.units


def test_after_an_overflow_each_rendition_waits_for_its_own_key_picture() -> None:
    backlog = Backlog(limit=2)
    units = (small(0, key=True), picture(0, key=True), small(1), picture(1), small(2, key=True), picture(2))
    for unit in units:
        backlog.offer(unit, unit.data)
    assert [backlog.take() for _ in range(len(backlog))] == [small(2, key=True).data]
