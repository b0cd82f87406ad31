"""The command ``moothall cut``, with as little to import as can be: a second matters."""

import asyncio
import getpass
from typing import Annotated

import typer
from pydantic import ValidationError

from hub.cutting import EMERGENCY_REASON, cut_here
from hub.settings import Settings


def cut(
    meeting: Annotated[str, typer.Argument(help="Its ref. May be left out while only one is running.")] = "",
    *,
    by: Annotated[str, typer.Option(help="Who did it, for the log.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for the log.")] = EMERGENCY_REASON,
) -> None:
    """Emergency: slate and silence for the public, now. Needs neither the hub nor the database nor Redis."""
    try:
        settings = Settings()
    except ValidationError as error:
        typer.echo(f"The settings do not fit, so the studio cannot be found: {error}", err=True)
        raise typer.Exit(1) from None
    outcome = asyncio.run(cut_here(settings, meeting, by=by or getpass.getuser(), reason=reason))
    for sentence in outcome.sentences:
        typer.echo(sentence)
    raise typer.Exit(outcome.code)
