import av
import pytest

from media.control.command import Refused
from media.control.feeds import FeedRefused
from media.programme.picture import blank
from media.sources.desk import MOST_SOURCES, WAITED_SECONDS, FeedDesk
from media.sources.intake import ABSENT_SECONDS, STALL_SECONDS, TRANSIT_SECONDS, FeedKind, Intake
from tests.media.studio.fakes import FakeClock


@pytest.fixture
def told() -> list[FeedRefused]:
    return []


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def desk(told: list[FeedRefused], clock: FakeClock) -> FeedDesk:
    return FeedDesk(clock, told.append)


def test_the_newest_feed_of_a_source_wins(desk: FeedDesk) -> None:
    evicted: list[str] = []
    first = desk.arrive("chamber", "rtmp", "OBS", lambda: evicted.append("first"))
    second = desk.arrive("chamber", "srt", "Encoder")
    assert desk.find("chamber") is second
    assert evicted == ["first"]
    assert first.finished
    desk.leave(first)
    assert desk.find("chamber") is second
    assert not second.finished


def is_taken(desk: FeedDesk, clock: FakeClock, kind: FeedKind, *, backlog: bool = False) -> bool:
    """Whether the first picture of an encoder that arrives now is, when it comes this moment."""
    return desk.arrive("chamber", kind, "Encoder", backlog=backlog).put_picture(
        blank(64, 48), clock.monotonic()
    )


@pytest.mark.parametrize("kind", ["rtmp", "srt"])
def test_who_arrives_just_after_an_opening_may_bring_what_was_before(
    desk: FeedDesk, clock: FakeClock, kind: FeedKind
) -> None:
    assert is_taken(desk, clock, kind)
    desk.opened()
    clock.advance(TRANSIT_SECONDS[kind] - 0.1)
    assert not is_taken(desk, clock, kind)
    clock.advance(0.2)
    assert is_taken(desk, clock, kind)


def test_who_may_have_a_backlog_is_doubted_for_longer(desk: FeedDesk, clock: FakeClock) -> None:
    assert is_taken(desk, clock, "rtmp", backlog=True)
    clock.advance(100.0)
    desk.opened()
    clock.advance(WAITED_SECONDS)
    intake = desk.arrive("chamber", "rtmp", "Encoder", backlog=True)
    clock.advance(5.0)
    for _ in range(round(TRANSIT_SECONDS["rtmp"] / 0.5)):
        assert not intake.put_picture(blank(64, 48), clock.monotonic()), "however late the first one comes"
        clock.advance(0.5)
    assert intake.put_picture(blank(64, 48), clock.monotonic())
    clock.advance(TRANSIT_SECONDS["rtmp"])
    assert is_taken(desk, clock, "rtmp", backlog=True), "so long ago that nothing of before it waits"


@pytest.mark.parametrize(("ago", "taken"), [(0.0, False), (30.0, False), (31.5, True), (3600.0, True)])
def test_an_opening_that_a_dead_studio_has_seen_counts(
    desk: FeedDesk, clock: FakeClock, ago: float, taken: bool
) -> None:
    desk.opened(ago)
    clock.advance(1.0)
    assert is_taken(desk, clock, "rtmp", backlog=True) is taken


def test_pictures_of_who_is_not_shown_any_more_are_let_go(desk: FeedDesk, clock: FakeClock) -> None:
    def shown(intake: Intake) -> bool:
        return intake.status().width > 0

    desk.stand_in(Intake("chamber", "test", "Test", clock))
    replaced, left = desk.arrive("chamber", "rtmp", "OBS"), desk.arrive("sam", "speaker", "Sam")
    for intake in (replaced, left):
        intake.put_picture(blank(64, 48))
    last = desk.arrive("chamber", "srt", "Encoder")
    assert not shown(replaced)
    last.put_picture(blank(64, 48))
    desk.leave(left)
    desk.leave(last)
    desk.statuses()
    assert shown(left)
    assert shown(last)
    clock.advance(STALL_SECONDS + 0.1)
    desk.statuses()
    assert not shown(left)
    assert not shown(last), "although its stand-in is listed in its place"


def test_a_stand_in_is_shown_while_nothing_else_is_there(desk: FeedDesk) -> None:
    card = Intake("chamber", "test", "Test", FakeClock())
    desk.stand_in(card)
    assert desk.find("chamber") is card
    feed = desk.arrive("chamber", "whip", "Encoder")
    assert desk.shown() == [feed]
    desk.leave(feed, "The encoder hung up.")
    assert desk.shown() == [card]
    assert [status.kind for status in desk.statuses()] == ["test"]


def test_a_feed_that_left_stays_listed_until_it_is_forgotten(desk: FeedDesk) -> None:
    desk.leave(desk.arrive("sam", "speaker", "Sam"), "The connection was lost.")
    assert [(feed.source, feed.state, feed.sentence) for feed in desk.statuses()] == [
        ("sam", "gone", "The connection was lost.")
    ]
    desk.forget("sam")
    assert desk.statuses() == []


def test_a_refusal_is_told(desk: FeedDesk, told: list[FeedRefused]) -> None:
    feed = desk.arrive("chamber", "rtmp", "OBS")
    desk.refuse("chamber", "rtmp", "HEVC is not taken.", feed)
    assert told == [FeedRefused(source="chamber", protocol="rtmp", sentence="HEVC is not taken.")]
    assert feed.status().state == "refused"


def test_the_desk_is_bounded_and_finished_sources_give_way(desk: FeedDesk) -> None:
    feeds = [desk.arrive(f"s{number}", "speaker", "x") for number in range(MOST_SOURCES)]
    with pytest.raises(Refused) as refusal:
        desk.arrive("one more", "speaker", "x")
    assert refusal.value.code == "full"
    desk.leave(feeds[3])
    desk.arrive("one more", "speaker", "x")
    assert desk.find("s3") is None
    for name in ("", "x" * 101):
        with pytest.raises(Refused, match="characters"):
            desk.arrive(name, "whip", "x")


def test_an_encoder_and_somebody_invited_do_not_replace_each_other_for_ever(
    desk: FeedDesk, clock: FakeClock
) -> None:
    signer = desk.arrive("sign", "signer", "Ann")
    signer.put_picture(av.VideoFrame(64, 36, "yuv420p"))
    encoder = desk.arrive("sign", "srt", "Encoder")
    assert signer.finished
    encoder.put_picture(av.VideoFrame(64, 36, "yuv420p"))
    with pytest.raises(Refused, match="encoder") as refusal:
        desk.arrive("sign", "signer", "Ann")
    assert refusal.value.code == "taken"
    assert desk.find("sign") is encoder
    assert not encoder.finished
    clock.advance(ABSENT_SECONDS)
    desk.arrive("sign", "signer", "Ann")
    assert encoder.finished
