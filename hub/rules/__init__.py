"""Rule sets as files: those that come with Moot Hall, and a council's own. TOML or JSON."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

from hub.domain.rules import RulesContradict, RuleSet, parse

MOST_BYTES = 256 * 1024
_SCHEMES = files("hub.rules") / "schemes"


def names() -> list[str]:
    """Of the schemes that come with Moot Hall."""
    return sorted(entry.name.removesuffix(".toml") for entry in _SCHEMES.iterdir())


def scheme(name: str) -> RuleSet:
    """One that comes with Moot Hall. Raises ``RulesContradict`` when there is none of that name."""
    return parse(tomllib.loads(text(name)))


def text(name: str) -> str:
    """The same as it is written, with its comments."""
    if name not in names():
        raise RulesContradict(f"There is no scheme {name!r}. There are: {', '.join(names())}.")
    return (_SCHEMES / f"{name}.toml").read_text(encoding="utf-8")


def read(path: Path) -> RuleSet:
    """A council's own file. Raises ``RulesContradict`` with what is wrong, line by line."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise RulesContradict(f"{path} is too large for a rule set.")
        written = path.read_text(encoding="utf-8")
        data = json.loads(written) if path.suffix == ".json" else tomllib.loads(written)
    except OSError as error:
        raise RulesContradict(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise RulesContradict(f"{path} is neither TOML nor JSON: {error}.") from error
    if not isinstance(data, dict):
        raise RulesContradict(f"{path} has to be a table of rules.")
    return parse(data)
