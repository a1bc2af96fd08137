"""People at the house of each promise, and a small programme in the records."""

from tests.records.conftest import small, url
from tests.server.conftest import amina, beth, nobody, sue

__all__ = ["amina", "beth", "nobody", "small", "sue", "url"]
