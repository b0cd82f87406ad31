"""Built style sheets and scripts, by the names they had before hashing."""

import json
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"


class AssetsMissing(Exception):  # noqa: N818  (named by what is wrong, as the domain's refusals are)
    """The front end was not built, or the build does not know the name."""


class Assets:
    """The manifest of one build. It is read again when it changes, so that a rebuild needs no restart."""

    def __init__(self, folder: Path = DIST) -> None:
        self.folder = folder
        self._manifest: dict[str, str] = {}
        self._stamp = -1

    def url(self, name: str) -> str:
        """The address of ``name``. Raises ``AssetsMissing``."""
        path = self.folder / "manifest.json"
        try:
            stamp = path.stat().st_mtime_ns
            if stamp != self._stamp:
                self._manifest = json.loads(path.read_text())
                self._stamp = stamp
        except FileNotFoundError:
            raise AssetsMissing(
                "The style sheets and scripts were not built. Run “make setup”; it needs Node or its wheel."
            ) from None
        try:
            return f"/static/{self._manifest[name]}"
        except KeyError:
            raise AssetsMissing(
                f"The last build of the front end has no “{name}”. Run “make setup” again."
            ) from None
