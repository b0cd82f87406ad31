"""What the media processes import: each of them must be there soon."""

import subprocess
import sys

PROCESSES = ("studio", "relay", "hls", "recorder", "ingest")
NEEDED_ELSEWHERE = ("redis", "sqlalchemy", "typer", "alembic", "socketio", "pypdfium2")


def test_a_process_on_one_machine_imports_nothing_that_others_need() -> None:
    imports = "; ".join(f"import media.{name}.__main__" for name in PROCESSES)
    check = f"import sys; {imports}; print(*set({NEEDED_ELSEWHERE}) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
