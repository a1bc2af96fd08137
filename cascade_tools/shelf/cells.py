"""Code cells, read with ``ast`` and never run: a prompt, a drawing, or a thought."""

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from cascade_tools.model.prompts import Prompt
from cascade_tools.model.workbook import Drawing, Listing, Thought
from cascade_tools.shelf.asks import prompt_from
from cascade_tools.shelf.faults import did_you_mean

DRAWINGS = ("thinking", "balance", "iceberg", "map", "outcomes")
LISTINGS = (
    *("actions", "questions", "agreement", "last_supervision", "timeline", "scenes", "drills"),
    *("replay", "events"),
)
SHOWN = (*DRAWINGS, *LISTINGS)
LITERALS_ONLY = "Write it out as a plain value: the page is made from the file, without running it."

_OPENING = """\
from cascade_tools.workbook import open_workbook
ask, show, answers = open_workbook("{id}")"""
_DESK_OPENING = """\
from cascade_tools.desk import open_desk
desk = open_desk()"""

_AROUND: tuple[tuple[tuple[type[ast.AST], ...], str], ...] = (
    ((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef), "a function or class"),
    ((ast.For, ast.AsyncFor, ast.While, ast.comprehension), "a loop"),
    ((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), "a loop"),
    ((ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr), "an assignment"),
    ((ast.With, ast.AsyncWith), "a with block"),
    ((ast.If, ast.IfExp, ast.Try, ast.Match, ast.BoolOp), "a condition"),
    ((ast.Call,), "another call"),
)


def opening_source(workbook_id: str, desk: bool) -> str:
    """The two lines every workbook's first code cell holds."""
    return _DESK_OPENING if desk else _OPENING.format(id=workbook_id)


def opening_fault(source: str, workbook_id: str, desk: bool) -> str:
    """What is wrong with the opening cell, or nothing."""
    wanted = opening_source(workbook_id, desk)
    try:
        found = _parse(source)
        if ast.dump(found) == ast.dump(ast.parse(wanted)):
            return ""
    except (SyntaxError, RecursionError):
        found = ast.Module([], [])
    other = _opened(found)
    if other and other != workbook_id and not desk:
        return (
            f'This file is the workbook "{workbook_id}", and the opening cell says '
            f'"{other}". Write open_workbook("{workbook_id}").'
        )
    lines = " and ".join(f"`{line}`" for line in wanted.splitlines())
    return f"The first code cell opens the workbook and holds two lines only: {lines}."


def cell_part(
    source: str, cell: int, cell_id: str, desk: bool
) -> tuple[Prompt | Drawing | Listing | Thought | None, list[str]]:
    """What a code cell puts on the page, or None and every sentence about what is wrong."""
    try:
        return _part(_parse(source), cell, cell_id, desk)
    except SyntaxError as error:
        return None, [_cannot_read(source, error)]
    except RecursionError:
        return None, ["This cell is nested too deeply to be read. Write it more simply."]


def _part(
    tree: ast.Module, cell: int, cell_id: str, desk: bool
) -> tuple[Prompt | Drawing | Listing | Thought | None, list[str]]:
    if not tree.body:
        return None, ["This cell is empty. Delete it."]
    lone = (
        tree.body[0].value if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) else None
    )
    if any(isinstance(node, ast.Name) and node.id == "ask" for node in ast.walk(tree)):
        if desk:
            return None, ["A desk asks nothing. Move the question to a workbook of its own."]
        if isinstance(lone, ast.Call) and _is_ask(lone) and len(list(_asks(lone))) == 1:
            return _prompt(lone, cell)
        return None, [_out_of_place(tree)]
    if not desk and isinstance(lone, ast.Call) and _method_of(lone, "show"):
        name = _method_of(lone, "show")
        if name not in SHOWN:
            return None, [f"There is no show.{name}().{did_you_mean(name, SHOWN)}"]
        if lone.args or lone.keywords:
            return None, [f"show.{name}() takes nothing between its brackets. Empty them."]
        if name in LISTINGS:
            return Listing(name, cell_id, cell), []
        return Drawing(name, cell_id, cell), []
    return Thought(cell_id, cell), []


def _prompt(call: ast.Call, cell: int) -> tuple[Prompt | None, list[str]]:
    faults: list[str] = []
    args: list[Any] = []
    options: dict[str, Any] = {}
    for place, arg in enumerate(call.args):
        name = ("the key", "the question", "the choices")[min(place, 2)]
        args.append(_literal(arg, name, faults))
    for keyword in call.keywords:
        if keyword.arg is None:
            faults.append(
                f"**{ast.unparse(keyword.value)[:40]} hides what is asked. {LITERALS_ONLY}"
            )
        else:
            options[keyword.arg] = _literal(keyword.value, f"{keyword.arg}=", faults)
    if faults:
        return None, faults
    return prompt_from(_method_of(call, "ask"), args, options, cell)


def _literal(node: ast.expr, name: str, faults: list[str]) -> Any:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        faults.append(f"{name[0].upper()}{name[1:]} is worked out by code. {LITERALS_ONLY}")
        return None
    for part in ast.walk(node):
        if isinstance(part, ast.Dict):
            keys = [ast.dump(k) for k in part.keys if k is not None]
            if len(set(keys)) < len(keys):
                faults.append("The same code stands twice. Give each line a code of its own.")
    return value


def _out_of_place(tree: ast.Module) -> str:
    """Why a cell that names ``ask`` is not one plain ask line."""
    count = len(list(_asks(tree)))
    if count > 1:
        return f"This cell asks {count} times. Give each question a cell of its own."
    around = _around(tree)
    if around:
        return (
            f"This ask stands inside {around}. Write it alone in its cell, as one plain line: "
            'ask.text("key", "Question?").'
        )
    if count == 1:
        return "A cell asks or thinks, never both. Move the other lines to a cell of their own."
    return 'ask is used without asking. Write one plain line: ask.text("key", "Question?").'


def _around(tree: ast.Module) -> str:
    """What the ask of this cell stands inside, innermost first; empty if it stands alone."""

    def path(node: ast.AST) -> list[ast.AST] | None:
        if isinstance(node, ast.Name) and node.id == "ask":
            return [node]
        for child in ast.iter_child_nodes(node):
            below = path(child)
            if below is not None:
                return [node, *below]
        return None

    for node in reversed(path(tree) or []):
        if isinstance(node, ast.Call) and _is_ask(node):
            continue
        for types, words in _AROUND:
            if isinstance(node, types):
                return words
    return ""


def _parse(source: str) -> ast.Module:
    """Raises SyntaxError for anything that is not Python, whatever its reason."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            tree = compile(source, "<cell>", "exec", flags, dont_inherit=True)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise SyntaxError(type(error).__name__) from error
    assert isinstance(tree, ast.Module)
    return tree


def _cannot_read(source: str, error: SyntaxError) -> str:
    for line in source.splitlines():
        start = line.strip()
        if start.startswith(("%", "!", "?")) or start.endswith("?"):
            return (
                f'"{start[:40]}" is a command of the notebook, not Python. '
                "Delete it: a workbook holds plain Python only."
            )
    where = f" (line {error.lineno}: {error.msg})" if error.lineno else ""
    return f"This cell is not Python{where}. Put it right and run the cell once."


def _asks(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_ask(node))


def _is_ask(call: ast.Call) -> bool:
    return bool(_method_of(call, "ask"))


def _method_of(call: ast.Call, name: str) -> str:
    """``"text"`` for ``ask.text(...)`` when name is ``"ask"``; empty otherwise."""
    func = call.func
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return func.attr if func.value.id == name else ""
    return ""


def _opened(tree: ast.Module) -> str:
    """The id in ``open_workbook("…")``, wherever it stands; empty without one."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("open_workbook"), [ast.Constant(str() as workbook_id)], []):
                return workbook_id
    return ""
