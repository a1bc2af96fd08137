"""The same quick houses as in the tests of faults."""

from tests.faults.conftest import build, house, nursery, own_house

__all__ = ["build", "house", "nursery", "own_house"]
