"""The registry: of every stored field what it is, what for, how long, how it is told and erased.

A test fails when a field has no line here, and another fills every field, gathers, erases and
looks whether it is true.
"""

from collections.abc import Mapping

from cascade_tools.records.registered import Erased, Field, Kind, Table
from cascade_tools.records.registered_account import ACCOUNT
from cascade_tools.records.registered_knowledge import KNOWLEDGE
from cascade_tools.records.registered_people import PEOPLE
from cascade_tools.records.registered_writing import WRITING

TABLES: Mapping[str, Table] = {**PEOPLE, **WRITING, **KNOWLEDGE, **ACCOUNT}

NOT_TOLD = {
    Kind.SECRET: "Whoever reads it could sign in as this person.",
    Kind.TECHNICAL: "It says nothing about a person that is not said beside it.",
}


def described(table: str, column: str) -> Field:
    """One field, with what is said for all of its table.

    Raises ``KeyError`` for a field that has no line.
    """
    of = TABLES[table]
    one = of.fields[column]
    told = of.told if one.told is None else one.told
    erased = one.erased or of.erased
    return Field(
        kind=one.kind,
        purpose=one.purpose,
        told=told,
        not_told="" if told else one.not_told or NOT_TOLD.get(one.kind, ""),
        erased=erased,
        stays=(one.stays or of.stays) if erased is Erased.STAYS else "",
    )
