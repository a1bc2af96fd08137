"""What ``check`` finds: where it is, what it is, and what would put it right."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to put right in a workbook.

    ``file`` is the workbook's own short path (``"coach/after-i-coach.ipynb"``); ``cell`` counts
    from 1, and 0 means the file as a whole; ``sentence`` names the fix.
    """

    file: str
    cell: int
    sentence: str

    def __str__(self) -> str:
        place = f", cell {self.cell}" if self.cell else ""
        return f"{self.file}{place}: {self.sentence}"


class Faults:
    """The faults of one file, as they are found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: set[Fault] = set()

    def add(self, cell: int, sentence: str) -> None:
        self._found.add(Fault(self.file, cell, sentence))

    def sorted(self) -> list[Fault]:
        return sorted(self._found)


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """``' Did you mean "ideas"?'``, or all that could have been meant, or nothing."""
    names = list(known)
    near = get_close_matches(str(word), names, n=1)
    if near:
        return f' Did you mean "{near[0]}"?'
    if 0 < len(names) <= 12:
        return " Use one of: " + ", ".join(f'"{n}"' for n in names) + "."
    return ""
