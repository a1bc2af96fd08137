"""The parts of the documents that are made from the code, so that they cannot fall behind.

``python -m tests.docs.generated`` writes them anew; a test says when that is needed.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

import click

from cascade_tools import collect
from cascade_tools.cli import cli
from cascade_tools.collect.meanings import TABLES
from cascade_tools.draw.credits import frameworks
from cascade_tools.draw.glance import for_whom, recorded, shared_with, when
from cascade_tools.draw.paper_index import shelves
from cascade_tools.model.details import Detail
from cascade_tools.model.retention import RULES, Rule
from cascade_tools.model.workbook import Workbook
from cascade_tools.settings import PLACEHOLDER, describe
from cascade_tools.shelf import open_shelf
from tests.docs import stored
from tests.model.labelled import measured

ROOT = Path(__file__).resolve().parent.parent.parent


def settings() -> str:
    """Every setting: name, default and meaning."""
    rows = [
        (f"`{name}`", _default(default), _cell(about.replace("*", "")))
        for name, default, about in describe()
    ]
    return _table(("setting", "default", "meaning"), rows)


def _default(default: Any) -> str:
    if default == PLACEHOLDER:
        return "to be filled in"
    if default in ("", {}, ()):
        return "empty"
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


def commands() -> str:
    """Every command with its arguments and options, in the order of the alphabet."""
    return "\n\n".join(_command(path, command) for path, command in every_command())


def every_command() -> Iterator[tuple[str, click.Command]]:
    """``("people add", …)`` and so on; groups themselves are left out."""

    def inside(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
        for name, command in sorted(group.commands.items()):
            where = f"{path} {name}".strip()
            if isinstance(command, click.Group):
                yield from inside(command, where)
            else:
                yield where, command

    return inside(cli, "")


def _command(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"cascade {path}")
    pieces = " ".join(command.collect_usage_pieces(context))
    words = re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.cleandoc(command.help or ""))
    parts = [f"## cascade {path}", f"```text\ncascade {path} {pieces}\n```", words]
    options = [p for p in command.params if isinstance(p, click.Option)]
    rows = [
        (
            f"`{_names(option, context)}`",
            _cell(option.help or _plain(option)),
            _option_default(option),
        )
        for option in options
    ]
    if rows:
        parts.append(_table(("option", "meaning", "default"), rows))
    return "\n\n".join(parts)


def _names(option: click.Option, context: click.Context) -> str:
    if option.secondary_opts:
        return " / ".join([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return ", ".join(option.opts)
    value = option.make_metavar(context).replace("|", ", ").replace(" RANGE", "")
    return f"{', '.join(option.opts)} {value.replace('[%Y-%m-%d]', 'YYYY-MM-DD')}"


def _plain(option: click.Option) -> str:
    return {"port": "The port to listen on.", "roles": "What they do in the programme."}.get(
        option.name or "", ""
    )


def _option_default(option: click.Option) -> str:
    if option.required:
        return "must be given"
    default = option.default
    if option.secondary_opts:
        if default is None:
            return ""
        return f"`{(option.opts if default else option.secondary_opts)[0]}`"
    if isinstance(default, str | int | Path) and not isinstance(default, bool) and default != "":
        return f"`{default}`"
    return ""


def dictionary() -> str:
    """The data dictionary of every table that ``collect`` makes."""
    parts = []
    for name, kind in TABLES.items():
        rows = [
            (f"`{row.column}`", _cell(row.meaning), str(row.type), _cell(row.unit or ""))
            for row in collect.dictionary(name).itertuples()
        ]
        heading = f"### `{kind.made}`: {kind.row}"
        parts += [heading, _table(("column", "meaning", "type", "unit"), rows)]
    return "\n\n".join(parts)


def workbooks() -> str:
    """Every workbook of the kit: what it is for, for whom, when, how long, what it records."""
    head = ("workbook", "what for", "for", "when", "minutes", "what is kept, and who sees it")
    parts = []
    for title, these in shelves(open_shelf().all()):
        parts += [f"### {title}", _table(head, [_workbook(workbook) for workbook in these])]
    return "\n\n".join(parts)


def _workbook(workbook: Workbook) -> tuple[str, ...]:
    told = [*recorded(workbook)]
    if workbook.share_with:
        readers = " or ".join(reader.removeprefix("my ") for reader in shared_with(workbook))
        told.append(f"can be shared with: {readers}")
    return (
        f"**{_cell(workbook.title)}** `{workbook.id}`",
        _cell(workbook.summary),
        for_whom(workbook),
        when(workbook),
        str(workbook.minutes),
        _cell("; ".join(told)),
    )


def sources() -> str:
    """Every list in ``data/frameworks``: whose it is, from when, and whether it is still used."""
    rows = [
        (f"**{_cell(told.name)}** `{told.id}`", _cell(told.source), str(told.year), told.status)
        for told in frameworks()
    ]
    return _table(("list", "where it comes from", "year", "status"), rows)


def details() -> str:
    """What the check for personal details finds in its two sets of passages, and what it misses."""
    first, later = measured("passages"), measured("later")
    rows = [
        (kind.words, *(str(n) for part in (first, later) for n in astuple(part[kind])))
        for kind in Detail
    ]
    head = ("there", "found", "false alarms")
    return _table(("kind", *head, *(f"second part: {word}" for word in head)), rows)


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def retention() -> str:
    """Every kind of record: what it is, how long it is kept, from when, and why."""
    rows = [
        (f"`{name}`", _cell(r.covers), _how_long(r), _cell(r.since), _cell(r.why))
        for name, r in RULES.items()
    ]
    return _table(("name", "what", "how long", "counted from", "why"), rows)


def _how_long(rule: Rule) -> str:
    if rule.months is not None:
        return f"{rule.months} months"
    if rule.after is None:
        return "no end of its own"
    return f"{rule.after.days} days" if rule.after.days else "1 hour"


PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "settings": ("docs/settings.md", settings),
    "commands": ("docs/commands.md", commands),
    "dictionary": ("docs/collecting.md", dictionary),
    "workbooks": ("docs/workbooks.md", workbooks),
    "retention": ("docs/retention.md", retention),
    "details": ("docs/personal-details.md", details),
    "data-sections": ("docs/my-data.md", stored.sections),
    "stored-fields": ("docs/my-data.md", stored.fields),
    "sources": ("docs/where-this-comes-from.md", sources),
}


def with_part(text: str, name: str, made: str) -> str:
    """The document with one part in place of what stood between its two marks."""
    start, end = f"<!-- made from the code: {name} -->", "<!-- end -->"
    before, mark, rest = text.partition(start)
    _, ending, after = rest.partition(end)
    if not mark or not ending:
        raise ValueError(f"The marks around {name} are missing.")
    return f"{before}{start}\n\n{made}\n\n{end}{after}"


def main() -> None:
    for name, (file, make) in PARTS.items():
        path = ROOT / file
        path.write_text(with_part(path.read_text("utf-8"), name, make()), encoding="utf-8")


if __name__ == "__main__":
    main()
