"""Compiles every catalogue (``.po``) into the form that gettext reads (``.mo``), beside it.

Part of the build: ``make assets`` and the wheel run it. Nothing of it is committed.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent


def catalogues() -> list[Path]:
    """All of them, sorted by language."""
    return sorted(HERE.glob("*/LC_MESSAGES/messages.po"))


def is_fresh(catalogue: Path) -> bool:
    """Whether it was compiled since it was changed."""
    compiled = catalogue.with_suffix(".mo")
    return compiled.is_file() and compiled.stat().st_mtime >= catalogue.stat().st_mtime


def compile_all() -> int:
    """How many were compiled. Whoever reads one meanwhile has the old or the new one, whole."""
    stale = [catalogue for catalogue in catalogues() if not is_fresh(catalogue)]
    for catalogue in stale:
        with catalogue.open("rb") as source:
            messages = read_po(source, locale=catalogue.parent.parent.name)
        fresh = catalogue.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            write_mo(target, messages)
        fresh.replace(catalogue.with_suffix(".mo"))
    return len(stale)


def main() -> int:
    compiled = compile_all()
    print(f"{compiled} catalogues compiled." if compiled else "The catalogues are up to date.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
