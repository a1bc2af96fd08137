"""Cascade: a workbook kit for peer coaching.

``open_programme`` is the operator's and analyst's door; ``collect`` makes tables of what one
person may see.  Both load on first use, so importing the package costs nothing and does nothing.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "collect", "open_programme"]


def __getattr__(name: str) -> Any:
    if name == "open_programme":
        return import_module("cascade_tools.programme").open_programme
    if name == "collect":
        return import_module("cascade_tools.collect")
    raise AttributeError(f"module 'cascade_tools' has no attribute {name!r}")
