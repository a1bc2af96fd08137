"""A notebook file as plain values, checked for everything that is not about prompts."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cascade_tools.model.people import Role
from cascade_tools.shelf.faults import Faults, did_you_mean

# The folder says whom a workbook is for: one role, both halves of a pair, everybody.
FOLDERS = (*map(str, Role), "pair", "everyone", "programme", "toolkit", "cohort")
# No longer than any file system takes, so that an address never asks one for more.
WORKBOOK_ID = re.compile(rf"(?:{'|'.join(FOLDERS)})/[a-z][a-z0-9-]{{0,99}}\Z")
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_ABOUT = ("session", "pair", "meeting", "snapshot", "time", "")
_TOGETHER = ("sealed", "shared", "")
_SHARE_WITH = ("supervisor", "coach", "leader", "author")
_FIELDS = (
    *("for", "minutes", "about", "share_with", "summary", "next"),
    *("desk", "together", "public", "notice", "review_by"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """``number`` counts from 1; ``about`` is the cell's own ``metadata.cascade``."""

    number: int
    id: str
    code: bool
    source: str
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """A notebook's own ``metadata``: its title, and what ``metadata.cascade`` says."""

    title: str
    roles: frozenset[Role]
    minutes: int
    about: str
    share_with: tuple[str, ...]
    summary: str
    next_words: str
    desk: bool
    together: str
    public: bool
    notice: str
    review_by: date | None


def workbook_id(path: Path) -> str:
    """``"coach/after-i-coach"`` for any file ``…/coach/after-i-coach.ipynb``."""
    return f"{path.parent.name}/{path.stem}"


def load(path: Path, faults: Faults) -> dict[str, Any] | None:
    """The file's JSON, or None when it is no notebook.  Never raises."""
    try:
        doc = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        faults.add(0, f"The file cannot be read ({error.strerror}). Check its name and place.")
        return None
    except (ValueError, RecursionError):
        doc = None
    if (
        not isinstance(doc, dict)
        or not isinstance(doc.get("cells"), list)
        or not all(isinstance(c, dict) for c in doc["cells"])
        or not isinstance(doc.get("metadata"), dict)
        or doc.get("nbformat") != 4
    ):
        faults.add(0, "This is not a notebook. Save it from JupyterLab as .ipynb (version 4).")
        return None
    return doc


def cells_of(doc: dict[str, Any], faults: Faults) -> list[Cell]:
    """The cells in order; notes missing ids, raw cells and outputs left in the file."""
    found = []
    ids: dict[str, int] = {}
    for number, raw in enumerate(doc["cells"], start=1):
        cell_id = raw.get("id")
        if not isinstance(cell_id, str) or not _CELL_ID.match(cell_id):
            faults.add(number, 'The cell has no id. Give it a readable one, such as "ask-result".')
            cell_id = ""
        elif ids.setdefault(cell_id, number) != number:
            faults.add(number, f'Cell {ids[cell_id]} has the id "{cell_id}", too. Change one.')
        kind = raw.get("cell_type")
        if kind not in ("markdown", "code"):
            faults.add(number, "This cell is never shown. Make it Markdown or code, or delete it.")
            continue
        if raw.get("outputs"):
            faults.add(number, "Outputs were left in the file. Clear all outputs and save.")
        about = _dict(_dict(raw.get("metadata")).get("cascade"))
        found.append(Cell(number, cell_id, kind == "code", _source(raw.get("source")), about))
    if doc["metadata"].get("widgets"):
        faults.add(0, "Widgets' state was left in the file. Clear all outputs and save.")
    return found


def about_of(doc: dict[str, Any], faults: Faults) -> About:
    """``metadata.title`` and ``metadata.cascade``; what is missing or unknown becomes a fault."""
    metadata = doc["metadata"]
    kernel = _dict(metadata.get("kernelspec")).get("name")
    if kernel != "python3":
        faults.add(0, 'The kernel is not python3. Choose "Python 3 (ipykernel)" and save.')
    fields = metadata.get("cascade")
    if not isinstance(fields, dict):
        faults.add(
            0,
            "metadata.cascade is missing. Add it, such as "
            '{"for": ["coach"], "minutes": 20, "summary": "One line for the list."}.',
        )
        fields = {}
    else:
        for name in fields.keys() - set(_FIELDS):
            hint = did_you_mean(name, _FIELDS)
            faults.add(0, f'metadata.cascade has no field "{name}".{hint}')
    return _About(fields, faults).read(metadata.get("title"), told=bool(fields))


class _About:
    def __init__(self, fields: dict[str, Any], faults: Faults) -> None:
        self.fields = fields
        self.faults = faults

    def read(self, title: object, told: bool) -> About:
        desk = self._yes_or_no("desk")
        minutes = self.fields.get("minutes", 1 if desk or not told else None)
        if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 1:
            self.faults.add(
                0, "metadata.cascade.minutes is missing. Write how long it takes, such as 20."
            )
            minutes = 1
        summary = self._words("summary")
        if told and not summary:
            self.faults.add(0, "metadata.cascade.summary is missing. Write one line for the list.")
        if not isinstance(title, str) or not title.strip():
            self.faults.add(0, "metadata.title is missing. Write the title there, too.")
            title = ""
        return About(
            title=title.strip(),
            roles=frozenset(Role(r) for r in self._names("for", list(Role), told)),
            minutes=minutes,
            about=self._one_of("about", _ABOUT),
            share_with=tuple(self._names("share_with", list(_SHARE_WITH), needed=False)),
            summary=summary,
            next_words=self._words("next"),
            desk=desk,
            together=self._together(),
            public=self._yes_or_no("public"),
            notice=self._words("notice"),
            review_by=self._day("review_by"),
        )

    def _day(self, field: str) -> date | None:
        if field not in self.fields:
            return None
        value = self.fields[field]
        try:
            # Only the long form: it is what people read, and what the documents show.
            if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.faults.add(
            0, f'metadata.cascade.{field} is no date. Write it in quotes, such as "2027-11-30".'
        )
        return None

    def _together(self) -> str:
        together = self._one_of("together", _TOGETHER)
        if together and self.fields.get("about") != "pair":
            self.faults.add(
                0, 'What two people do together is about their pair. Add "about": "pair".'
            )
        return together

    def _yes_or_no(self, field: str) -> bool:
        value = self.fields.get(field, False)
        if not isinstance(value, bool):
            self.faults.add(0, f"metadata.cascade.{field} must be true or false.")
            return False
        return value

    def _one_of(self, field: str, known: tuple[str, ...]) -> str:
        value = self.fields.get(field, "")
        if value not in known:
            hint = did_you_mean(value, [k for k in known if k])
            self.faults.add(0, f'metadata.cascade.{field} "{value}" is not known.{hint}')
            return ""
        return str(value)

    def _names(self, field: str, known: list[Any], needed: bool) -> list[str]:
        names = self.fields.get(field, [])
        if not isinstance(names, list) or (needed and not names):
            self.faults.add(0, f'metadata.cascade.{field} must be a list, such as ["{known[0]}"].')
            return []
        for name in names:
            if name not in known:
                hint = did_you_mean(name, [str(k) for k in known])
                self.faults.add(0, f'metadata.cascade.{field} names "{name}", not known.{hint}')
        return [str(name) for name in names if name in known]

    def _words(self, field: str) -> str:
        words = self.fields.get(field, "")
        if not isinstance(words, str):
            self.faults.add(0, f"metadata.cascade.{field} must be words in quotes.")
            return ""
        return words.strip()


def _source(raw: object) -> str:
    """A cell's source, which a file may hold in one piece or as a list of lines."""
    if isinstance(raw, list):
        return "".join(line for line in raw if isinstance(line, str))
    return raw if isinstance(raw, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
