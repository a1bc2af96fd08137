"""What a posted page holds for a question, as its script would have sent it."""

import re
from typing import Any

from tornado.web import RequestHandler

from cascade_tools.model.composites import Composite, Part, composite_of
from cascade_tools.model.prompts import Kind, Prompt


def posted(page: RequestHandler, prompt: Prompt) -> Any:
    """The answer in the boxes of one question, before it is checked."""
    composite = composite_of(prompt.kind)
    if composite is not None:
        return _items(page, composite, prompt.key)
    if prompt.kind in (Kind.ORDER, Kind.CLASSIFY):
        codes = prompt.choices if prompt.kind is Kind.ORDER else prompt.statements
        return {c.code: page.get_body_argument(f"{prompt.key}.{c.code}", "") for c in codes}
    if prompt.kind is Kind.CHOICES:
        return page.get_body_arguments(prompt.key)
    if prompt.kind is Kind.DATE:
        return _date(page, prompt.key)
    return page.get_body_argument(prompt.key, "", strip=False) or None


def _items(page: RequestHandler, composite: Composite, key: str) -> Any:
    """Every item on the page in its order, the empty one too.  A script may have left numbers
    out."""
    first = re.compile(rf"{re.escape(key)}\.([0-9]{{1,4}})\.{composite.parts[0].name}")
    found = filter(None, map(first.fullmatch, page.request.body_arguments))
    items = []
    for number in sorted(int(match[1]) for match in found):
        name = f"{key}.{number}"
        item = {p.name: _part(page, p, f"{name}.{p.name}") for p in composite.parts}
        items.append({**item, "id": page.get_body_argument(f"{name}.id", "")})
    return items if composite.many else (items[0] if items else None)


def _part(page: RequestHandler, part: Part, name: str) -> str:
    if part.kind == "date":
        return _date(page, name)
    return page.get_body_argument(name, "", strip=False)


def _date(page: RequestHandler, name: str) -> str:
    boxes = [page.get_body_argument(f"{name}-{box}", "") for box in ("day", "month", "year")]
    return "-".join(boxes) if any(boxes) else ""
