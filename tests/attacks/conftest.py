"""The same house as in the tests of faults."""

from tests.faults.conftest import house

__all__ = ["house"]
