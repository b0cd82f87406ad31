"""Applies a JSON Patch (RFC 6902) of the operations that our server makes."""

from copy import deepcopy
from typing import Any


def patched(document: Any, patch: list[dict[str, Any]]) -> Any:
    """A changed copy."""
    root = {"": deepcopy(document)}
    for operation in patch:
        *way, last = ["", *(_name(token) for token in operation["path"].split("/")[1:])]
        place: Any = root
        for name in way:
            place = place[int(name)] if isinstance(place, list) else place[name]
        _apply(place, last, operation)
    return root[""]


def _apply(place: Any, last: str, operation: dict[str, Any]) -> None:
    key: Any = int(last) if isinstance(place, list) and last != "-" else last
    match operation["op"]:
        case "remove":
            del place[key]
        case "add" if last == "-" and isinstance(place, list):
            place.append(operation["value"])
        case "add" if isinstance(place, list):
            place.insert(key, operation["value"])
        case "add" | "replace":
            place[key] = operation["value"]
        case other:
            raise AssertionError(f"no operation of ours: {other}")


def _name(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")
