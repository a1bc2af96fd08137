"""The data dictionary of a table in a form that programs read.

Source: Data Package and Table Schema, the Frictionless standard, version 1.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cascade_tools.collect.meanings import dictionary

Json = dict[str, Any]
ADDED = "Added after this table was collected"


def package(name: str, note: str, resources: Iterable[Json]) -> Json:
    """A Data Package: its ``note`` in words, and its tables."""
    return {
        "profile": "data-package",
        "name": slug(name),
        "description": note,
        "resources": list(resources),
    }


def resource(frame: pd.DataFrame, name: str, **where: Any) -> Json:
    """One table of a package.  ``where`` has its ``path`` or its ``data``."""
    return {
        "profile": "tabular-data-resource",
        "name": slug(name),
        **where,
        "schema": {"fields": fields(frame), "missingValues": [""]},
    }


def fields(frame: pd.DataFrame) -> list[Json]:
    """One field for each column the table has, in its order.

    ``unit`` and ``who_may_see`` are ours; the standard allows fields of one's own.
    """
    explained = dictionary(frame).set_index("column")
    known: Mapping[Any, Any] = explained.to_dict("index")
    found = []
    for column in map(str, frame.columns):
        field = {"name": column, "type": type_of(frame[column].dtype)}
        told = known.get(column, {"meaning": ADDED, "unit": "", "who_may_see": ""})
        field |= {"description": told["meaning"], "unit": told["unit"]}
        field["who_may_see"] = told["who_may_see"]
        found.append({key: value for key, value in field.items() if value})
    return found


def type_of(dtype: Any) -> str:
    """The standard's name for what a column holds: days stand without a zone, times in UTC."""
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "datetime"
    for there, name in (
        (pd.api.types.is_datetime64_any_dtype, "date"),
        (pd.api.types.is_bool_dtype, "boolean"),
        (pd.api.types.is_integer_dtype, "integer"),
        (pd.api.types.is_float_dtype, "number"),
    ):
        if there(dtype):
            return name
    return "string"


def slug(name: str) -> str:
    """A name as the standard allows it: small letters, figures, points and dashes."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-") or "table"
