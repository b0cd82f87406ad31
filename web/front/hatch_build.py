"""Hatch hook: a wheel of Moot Hall carries its built user interface and catalogues, and needs no Node."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def _builder(root: str, folder: str = "front") -> ModuleType:
    path = Path(root) / "web" / folder / "build.py"
    spec = importlib.util.spec_from_file_location(f"moothall_{folder}_build", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{path} is missing from the source tree.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds when a source is newer than the last build, and refuses to package an empty user interface."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        _builder(self.root, "translations").compile_all()
        builder = _builder(self.root)
        try:
            builder.ensure()
            builder.check()
        except builder.FrontEndError as error:
            # An editable install serves from the source tree: the assets can be built afterwards.
            if version == "editable":
                self.app.display_warning(str(error))
                return
            raise
