"""``moothall cut`` as a user starts it: quick, and independent of what it does not need."""

import subprocess
import sys
from pathlib import Path

PROGRAM = "from hub.entry import main; import sys; sys.argv = ['moothall', *sys.argv[1:]]; main()"


def moothall(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={"PYTHONPATH": str(root), **environment},
        timeout=60,
    )


def test_without_a_studio_it_says_so(tmp_path: Path) -> None:
    place = {"MOOTHALL_DATA_DIR": str(tmp_path), "MOOTHALL_RUN_DIR": str(tmp_path)}
    done = moothall("cut", "--by", "root", cwd=tmp_path, **place)
    assert (done.returncode, done.stdout) == (1, "No studio is running here.\n"), done.stderr


def test_settings_that_do_not_fit_are_told(tmp_path: Path) -> None:
    done = moothall("cut", cwd=tmp_path, MOOTHALL_PORT="many")
    assert done.returncode == 1
    assert "The settings do not fit" in done.stderr


def test_it_imports_neither_database_nor_codecs() -> None:
    check = "import hub.emergency, sys; print(*{'av', 'sqlalchemy', 'aiortc', 'redis'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_other_commands_are_there(tmp_path: Path) -> None:
    done = moothall("--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("cut", "demo", "serve", "private-recording"):
        assert name in done.stdout
