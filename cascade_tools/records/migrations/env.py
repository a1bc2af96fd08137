"""Alembic's environment, driven from code: the connection comes with the configuration."""

from typing import Any, Literal

from alembic import context

from cascade_tools.records import (  # noqa: F401 - their tables belong to the metadata
    knowledge_tables,
    trust_tables,
)
from cascade_tools.records.tables import Row, Utc


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column types become plain ones, so that old migrations never import the package."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_item=render_item,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
