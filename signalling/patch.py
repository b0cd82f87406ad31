"""The difference of two JSON documents as a JSON Patch (RFC 6902).

Only the operations ``add``, ``remove`` and ``replace`` are made. Lists are compared place by place, which
suits ours: they grow at the end, and their members change in place.
"""

from collections.abc import Iterator
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Operation: TypeAlias = dict[str, Json]


def difference(before: Json, after: Json, path: str = "") -> Iterator[Operation]:
    """The operations that make ``after`` of ``before``, in order."""
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _members(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _places(before, after, path)
    elif type(before) is not type(after) or before != after:
        yield {"op": "replace", "path": path, "value": after}


def _members(before: dict[str, Json], after: dict[str, Json], path: str) -> Iterator[Operation]:
    for name in before.keys() - after.keys():
        yield {"op": "remove", "path": f"{path}/{_token(name)}"}
    for name, value in after.items():
        place = f"{path}/{_token(name)}"
        if name in before:
            yield from difference(before[name], value, place)
        else:
            yield {"op": "add", "path": place, "value": value}


def _places(before: list[Json], after: list[Json], path: str) -> Iterator[Operation]:
    for number, (old, new) in enumerate(zip(before, after, strict=False)):
        yield from difference(old, new, f"{path}/{number}")
    for number in range(len(before) - 1, len(after) - 1, -1):
        yield {"op": "remove", "path": f"{path}/{number}"}
    for value in after[len(before) :]:
        yield {"op": "add", "path": f"{path}/-", "value": value}


def _token(name: str) -> str:
    """RFC 6901 section 3."""
    return name.replace("~", "~0").replace("/", "~1")
