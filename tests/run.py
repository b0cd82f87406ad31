"""``python -m tests.run``: what ``make test`` runs. With arguments it runs the checks, and pytest with these.

Real time is mostly spent waiting, so all of it runs in two halves side by side. One half is the tests of the
whole program: they come one after the other and are shown as they go. The other is everything else; it stands
behind in the queue for the processors, and its output is shown in one piece when a step is through. What
failed in either half is tried once more, alone.
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
WHOLE_PROGRAM = ("tests/e2e", "tests/faults", "tests/gate")
BEHIND = ("nice", "-n", "5")
MAKE = ("make", "--no-print-directory")
TESTS_FAILED = 1
"""What pytest ends with then. Anything else would not be better the second time."""


@dataclass(frozen=True)
class Tests:
    """Some tests. Which of them failed is remembered in a place of their own."""

    name: str
    chosen: tuple[str, ...]

    def command(self, *options: str) -> tuple[str, ...]:
        """Of pytest."""
        cache = f"cache_dir=.pytest_cache/{self.name}"
        return (sys.executable, "-m", "pytest", "-o", cache, *options, *self.chosen)


async def main(arguments: tuple[str, ...]) -> int:
    """Run and say what failed; the exit code."""
    failed = await _chosen(arguments) if arguments else await _everything()
    if failed:
        print(f"Failed: {', '.join(failed)}.", flush=True)
    return 1 if failed else 0


async def _chosen(arguments: tuple[str, ...]) -> list[str]:
    tests = Tests("chosen", arguments)
    codes = {"lint": await _shown(*MAKE, "lint"), "front": await _shown(*MAKE, "front")}
    return [name for name, code in codes.items() if code] + await _again(
        tests, await _shown(*tests.command())
    )


async def _everything() -> list[str]:
    whole = Tests("whole", WHOLE_PROGRAM)
    parts = Tests("parts", tuple(f"--ignore={folder}" for folder in WHOLE_PROGRAM))
    async with asyncio.TaskGroup() as halves:
        of_whole = halves.create_task(_shown(*whole.command()))
        of_checks = halves.create_task(_checks())
        of_parts = halves.create_task(_after(of_checks, parts))
    failed = of_checks.result()
    failed += await _again(whole, of_whole.result())
    return failed + await _again(parts, of_parts.result())


async def _checks() -> list[str]:
    return [name for name in ("lint", "front") if await _told(name, *MAKE, name)]


async def _after(checks: asyncio.Task[list[str]], tests: Tests) -> int:
    await checks
    return await _told("tests of the parts", *tests.command())


async def _again(tests: Tests, code: int) -> list[str]:
    """Try what failed once more; what has failed then."""
    if code == TESTS_FAILED:
        print(
            "Trying once more, alone, what failed: real time needs a machine that is not too busy.",
            flush=True,
        )
        code = await _shown(*tests.command("--last-failed", "--last-failed-no-failures", "none"))
    return [f"tests ({tests.name})"] if code else []


async def _shown(*command: str) -> int:
    """Run it with its output as it comes; its exit code."""
    return await _code(await asyncio.create_subprocess_exec(*command, cwd=ROOT))


async def _told(name: str, *command: str) -> int:
    """Run it behind all others and show its output when it has ended; its exit code."""
    process = await asyncio.create_subprocess_exec(
        *BEHIND, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
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
