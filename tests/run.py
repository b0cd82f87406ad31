"""``python -m tests.run`` is ``make test``; with ``trials`` or ``proof`` it is that target of the Makefile.

With other arguments it runs the checks, and pytest with these.
Real time is mostly spent waiting, so the tests run in lanes side by side. One is shown as it goes; what the
others say is shown in one piece when they are through. Those that do not live in real time stand behind in
the queue for the processors. The trials (kills and sources that misbehave, the gate's proof, many browsers,
other people's players) keep two cores busy by themselves and come one after the other. What failed is tried
once more, alone, but for what the gate's proof has found.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHECKS = ("lint", "front")
BEHIND = ("nice", "-n", "10")
MAKE = ("make", "--no-print-directory")
TESTS_FAILED = 1
"""What pytest ends with then. Anything else would not be better the second time."""


@dataclass(frozen=True)
class Lane:
    """Some tests, one after the other. Which of them failed is remembered in a place of their own."""

    name: str
    chosen: tuple[str, ...]
    queue: tuple[str, ...] = ()
    """Where it stands in the queue for the processors."""
    without: tuple[str, ...] = ()
    """What other lanes have."""

    def command(self, *options: str) -> tuple[str, ...]:
        """Of pytest."""
        cache = f"cache_dir=.pytest_cache/{self.name}"
        left_out = (f"--ignore={path}" for path in self.without)
        return (*self.queue, sys.executable, "-m", "pytest", "-o", cache, *options, *left_out, *self.chosen)


ENCODERS = "tests/media/ingest"
BROWSERS = Lane("browsers", ("tests/e2e", ENCODERS))
"""And other people's encoders: the rest of the engine's tests would be the longest lane by far with them."""
MEDIA = Lane("media", ("tests/media",), without=(ENCODERS,))
FAULTS = Lane("faults", ("tests/faults",))
GATE = Lane("gate", ("tests/gate",))
CROWDED = Lane("crowded", ("tests/crowded",))
INTEROP = Lane("interop", ("tests/interop",))
ELSEWHERE = (BROWSERS, MEDIA, FAULTS, GATE, CROWDED, INTEROP)
ROOMS = Lane("rooms", (), BEHIND, without=tuple(path for lane in ELSEWHERE for path in lane.chosen))
"""All others."""
TRIALS, PROOF = "trials", "proof"
"""The arguments for those that keep a machine busy by themselves, and for the one of them that CI plays."""


async def main(arguments: tuple[str, ...]) -> int:
    """Run and say what failed; the exit code."""
    match arguments:
        case ():
            failed = await _tests()
        case (word,) if word == TRIALS:
            failed = await _in_turn(FAULTS, GATE, CROWDED, INTEROP)
        case (word,) if word == PROOF:
            failed = await _in_turn(GATE)
        case _:
            failed = await _chosen(arguments)
    if failed:
        print(f"Failed: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


async def _chosen(arguments: tuple[str, ...]) -> list[str]:
    failed = [name for name in CHECKS if await _shown(*MAKE, name)]
    lane = Lane("chosen", arguments)
    return failed + await _again({lane: await _shown(*lane.command())})


async def _in_turn(*lanes: Lane) -> list[str]:
    return await _again({lane: await _shown(*lane.command()) for lane in lanes})


async def _tests() -> list[str]:
    async with asyncio.TaskGroup() as side_by_side:
        checks = side_by_side.create_task(_checks())
        rooms = side_by_side.create_task(_after(checks, ROOMS))
        media = side_by_side.create_task(_told(MEDIA.name, *MEDIA.command()))
        browsers = side_by_side.create_task(_shown(*BROWSERS.command()))
    codes = {BROWSERS: browsers, MEDIA: media, ROOMS: rooms}
    return checks.result() + await _again({lane: task.result() for lane, task in codes.items()})


async def _checks() -> list[str]:
    return [name for name in CHECKS if await _told(name, *BEHIND, *MAKE, name)]


async def _after(checks: asyncio.Task[list[str]], lane: Lane) -> int:
    await checks
    return await _told(lane.name, *lane.command())


async def _again(codes: dict[Lane, int]) -> list[str]:
    """Try once more what failed; the lanes in which anything has failed then."""
    if TESTS_FAILED in codes.values():
        print(
            "Trying once more, alone, what failed: real time needs a machine that is not too busy.",
            flush=True,
        )
    failed = []
    for lane, code in codes.items():
        if code == TESTS_FAILED:
            code = await _shown(*lane.command("--last-failed", "--last-failed-no-failures", "none"))
        failed += [lane.name] if code else []
    return failed


async def _shown(*command: str) -> int:
    """Run it with its output as it comes; its exit code."""
    return await _code(await asyncio.create_subprocess_exec(*command, cwd=ROOT))


async def _told(name: str, *command: str) -> int:
    """Run it and show its output when it has ended; its exit code."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    said = await process.stdout.read()
    code = await _code(process)
    print(f"\n──── {name}: {'passed' if code == 0 else 'FAILED'} ────\n{said.decode()}────\n", flush=True)
    return code


async def _code(process: asyncio.subprocess.Process) -> int:
    try:
        return await process.wait()
    except asyncio.CancelledError:
        # Ctrl+C has reached it too; it has things to put away.
        await process.wait()
        raise


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(tuple(sys.argv[1:]))))
    except KeyboardInterrupt:
        sys.exit(130)
