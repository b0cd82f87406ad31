"""The history of the schema. ``upgrade`` brings a database to its head, within this process."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hub.database import database_url, sqlite_engine


def configuration(connection: Connection) -> Config:
    """Alembic's settings for this connection; we have no ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migration_engine(url: str) -> AsyncEngine:
    """An engine for schema changes. SQLite's batch mode recreates tables, so foreign keys rest meanwhile."""
    target = database_url(url)
    if target.get_backend_name() == "sqlite":
        return sqlite_engine(target, begin="BEGIN IMMEDIATE", connections=1, foreign_keys=False)
    return create_async_engine(target)


async def upgrade(url: str) -> None:
    """Bring the database to the newest schema. Doing it twice does nothing."""
    engine = migration_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(configuration(sync), "head"))
    finally:
        await engine.dispose()
