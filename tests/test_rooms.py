"""Whatever is imported first can be: no two modules wait for each other, by whichever way."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import grimp

ROOMS = ("hub", "media", "recordings", "signalling", "web")


def packages(module: str) -> Iterator[str]:
    """``hub`` and ``hub.domain`` of ``hub.domain.clock``: Python runs these before it."""
    for at, letter in enumerate(module):
        if letter == ".":
            yield module[:at]


def needs(imports: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What has to have run before each module: what it imports, and the packages of that.

    Its own packages are not among them: they have begun already, and may be in the middle of importing it.
    """
    return {
        module: {
            needed
            for wanted in imported
            for needed in (wanted, *packages(wanted))
            if needed not in (module, *packages(module))
        }
        for module, imported in imports.items()
    }


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Modules of which each needs the next, and the last the first; none is the hope."""
    try:
        TopologicalSorter(needs(imports)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_module_can_be_imported_first() -> None:
    graph = grimp.build_graph(*ROOMS, exclude_type_checking_imports=True, cache_dir=None)
    assert circle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


def test_a_view_that_imports_a_command_would_be_found() -> None:
    imports = {
        "domain": set[str](),
        "domain.commands": {"domain.commands.asking"},
        "domain.commands.asking": {"domain.commands.core", "domain.views.asked"},
        "domain.commands.core": set[str](),
        "domain.views": set[str](),
        "domain.views.asked": {"domain.text"},
        "domain.text": set[str](),
    }
    assert circle(imports) == []
    imports["domain.views.asked"] = {"domain.commands.core"}
    assert set(circle(imports)) == {"domain.commands", "domain.commands.asking", "domain.views.asked"}
