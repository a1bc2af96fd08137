"""What the documents say of everything that is stored, made from the registry."""

import inspect

from cascade_tools.records.my_data import SECTIONS
from cascade_tools.records.registry import TABLES, described


def sections() -> str:
    """The keys of the JSON, and what stands under each."""
    return "\n".join(
        f"- `{name}`: {' '.join((inspect.getdoc(of) or '').split())}"
        for name, of in SECTIONS.items()
    )


def fields() -> str:
    """Every stored field: what it is, what for, where its person finds it, what erasing does."""
    return "\n\n".join(
        "\n".join(
            [
                f"### `{name}`",
                "",
                f"Kept by: {', '.join(f'`{rule}`' for rule in table.rules)}.",
                "",
                "| field | what it is | what for | in My data | when everything is erased |",
                "| --- | --- | --- | --- | --- |",
                *(_field(name, column) for column in table.fields),
            ]
        )
        for name, table in TABLES.items()
    )


def _field(table: str, column: str) -> str:
    one = described(table, column)
    told = f"`{one.told}`" if one.told else f"no. {one.not_told}"
    erased = f"{one.erased}: {one.stays}" if one.stays else str(one.erased)
    return f"| `{column}` | {one.kind} | {one.purpose} | {told} | {erased} |"
