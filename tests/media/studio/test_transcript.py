"""A captioner's lines: through the gate, with the picture of their moment, and dropped with it."""

import asyncio
from pathlib import Path

import pytest

from media.access_unit import AccessUnit, Track
from media.control.captions import SayCaption
from media.control.command import Refused
from media.control.studio import GateState, SlateText
from media.gate.words import BEHIND_SECONDS
from media.studio.caption_encoder import CaptionEncoder
from media.studio.encoder import Stamper
from media.studio.transcript import MOST_WAITING
from tests.media.studio.house import House
from tests.media.studio.test_delay import DELAY, TICKS, late
from tests.media.studio.test_ticker import TEXT, Bench

LINE = "The motion is carried."


@pytest.fixture(params=[0, DELAY])
async def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Bench:
    """Public for long enough, without and with a broadcast delay."""
    bench = Bench(tmp_path, asyncio.get_running_loop())
    await bench.gate.set_delay(request.param)
    await bench.open()
    await bench.tick()
    bench.clock.advance(BEHIND_SECONDS)
    await bench.tick()
    return bench


def say(bench: Bench, text: str = LINE) -> None:
    bench.production.transcript.say(text, 3.0, round(bench.clock.wall() * 1000))


def lines(bench: Bench) -> list[AccessUnit]:
    return [unit for unit in bench.units if unit.track is Track.CAPTIONS]


async def run(bench: Bench, ticks: int) -> None:
    for _ in range(ticks):
        await bench.tick()


async def test_a_line_comes_with_the_picture_of_its_moment(bench: Bench) -> None:
    await run(bench, 3)
    said_at = bench.ticker.seconds
    say(bench)
    say(bench, "Any other business?")
    await run(bench, 1 + bench.gate.now.delay * 25)
    shown = said_at + bench.gate.now.delay
    assert [unit.data.decode() for unit in lines(bench)] == [LINE, "Any other business?"]
    assert [unit.seconds for unit in lines(bench)] == pytest.approx([shown, shown])
    assert [unit.sequence for unit in lines(bench)] == [0, 1]
    assert all(unit.key and unit.duration == 3 * 48_000 for unit in lines(bench))
    places = [bench.units.index(unit) for unit in lines(bench)]
    pictures = [bench.units.index(unit) for unit in bench.pictures() if unit.seconds >= shown - 0.001]
    assert max(places) < min(pictures), "no file is finished before its lines are there"


async def test_a_cut_takes_the_line_that_waits(bench: Bench) -> None:
    say(bench)
    await bench.cut()
    await run(bench, 2 + TICKS)
    assert lines(bench) == []


async def test_what_is_said_in_private_never_comes(bench: Bench) -> None:
    await bench.cut()
    with pytest.raises(Refused):
        say(bench, "A secret.")
    await run(bench, 3)
    await bench.open()
    with pytest.raises(Refused) as refused:
        say(bench, "A secret, by a captioner who is behind.")
    assert refused.value.code == "too_soon"
    await run(bench, 2 + TICKS)
    assert lines(bench) == []


@pytest.mark.parametrize("bench", [DELAY], indirect=True)
@pytest.mark.parametrize("drop", [True, False])
async def test_what_the_delay_holds_is_dropped_with_its_picture_or_seen_to_its_end(
    bench: Bench, drop: bool
) -> None:
    say(bench)
    await run(bench, 5)
    state = GateState.PRIVATE if drop else GateState.ADJOURNED
    await bench.gate.move(state, TEXT, "", "clerk", confirmed=False, drop=drop)
    await run(bench, TICKS + 5)
    assert [unit.data.decode() for unit in lines(bench)] == ([] if drop else [LINE])


async def test_a_picture_that_is_left_out_takes_no_line_with_it(bench: Bench) -> None:
    await run(bench, 3)
    say(bench)
    async with late(bench):
        pass
    await run(bench, 2 + bench.gate.now.delay * 25)
    assert [unit.data.decode() for unit in lines(bench)] == [LINE]


async def test_while_there_are_no_ticks_few_lines_wait(bench: Bench) -> None:
    for number in range(MOST_WAITING):
        say(bench, f"Line {number}.")
    with pytest.raises(Refused) as refused:
        say(bench)
    assert refused.value.code == "too_many"
    await run(bench, 1 + bench.gate.now.delay * 25)
    assert len(lines(bench)) == MOST_WAITING


def test_what_did_not_pass_the_gate_is_not_encoded() -> None:
    with pytest.raises(TypeError):
        CaptionEncoder(Stamper(1, 0)).encode(LINE, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", [None, "en"])
async def test_a_studio_takes_lines_when_its_meeting_has_captions(
    tmp_path: Path, language: str | None
) -> None:
    house = House(tmp_path, captions=language)
    await house.start()
    try:
        await house.gate(GateState.OPEN, SlateText(title="Open"))
        with pytest.raises(Refused) as refused:
            await house.client.call(SayCaption(text=LINE, said_ms=2**42))
        assert refused.value.code == ("no_captions" if language is None else "too_soon")
    finally:
        await house.stop()
