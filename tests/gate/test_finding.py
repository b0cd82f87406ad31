"""What was found once is not tried again."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import run
from tests.gate.judge import FOUND

LEAKS = "from tests.gate.judge import Leak\n\ndef test_leaks() -> None:\n    raise Leak('it was seen')\n"
FAILS = "def test_fails() -> None:\n    assert False\n"


@pytest.mark.parametrize(("text", "code"), [(LEAKS, FOUND), (FAILS, run.TESTS_FAILED)])
def test_a_finding_has_a_code_of_its_own(tmp_path: Path, text: str, code: int) -> None:
    (tmp_path / "test_one.py").write_text(text)
    pytests = [sys.executable, "-m", "pytest", "-q", "-p", "tests.gate.conftest", "-p", "no:cacheprovider"]
    ended = subprocess.run([*pytests, str(tmp_path)], cwd=run.ROOT, capture_output=True, text=True)
    assert ended.returncode == code, ended.stdout + ended.stderr


async def test_it_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    async def shown(*command: str) -> int:
        asked.append(1)
        return 0

    monkeypatch.setattr(run, "_shown", shown)
    assert await run._again({run.GATE: FOUND}) == ["gate"]
    assert not asked
    assert await run._again({run.GATE: run.TESTS_FAILED}) == []
    assert asked
