"""Where ``moothall`` begins: the emergency cut goes past everything that takes long to import."""

import sys

import typer


def main() -> None:
    """The entry point of the ``moothall`` script."""
    if sys.argv[1:2] == ["cut"]:
        from hub.emergency import cut

        sys.argv.pop(1)
        typer.run(cut)
        return
    from hub.cli import app

    app()
