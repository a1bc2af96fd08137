"""Bringing a database to this version's tables.  Driven from code; there is no ini file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from cascade_tools.errors import SettingsFault

MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables; does nothing when they are up to date.

    Raises ``SettingsFault`` when the database was made by a newer version.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        if present == script.get_current_head():
            return
        if present is not None and present not in {r.revision for r in script.walk_revisions()}:
            raise SettingsFault(
                "cascade.db was made by a newer version of Cascade. "
                "Run: python -m pip install --upgrade cascade-tools"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
