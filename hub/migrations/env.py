"""Alembic runs this. The connection comes from ``hub.migrations``; there is no offline mode."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString, SQLModel

import hub.domain.models


def plain_type(kind: str, thing: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's own: a migration must not change when the code does."""
    if kind == "type" and isinstance(thing, hub.domain.models.Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, hub.domain.models.Name):
        return "sa.String(32)"
    if kind == "type" and isinstance(thing, AutoString):
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_type,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
