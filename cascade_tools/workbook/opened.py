"""What the three hands of one open workbook share: who reads, and what is asked."""

from pathlib import Path
from typing import Protocol

from cascade_tools.errors import CascadeError
from cascade_tools.kit import kit_folder
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Answer, Prompt
from cascade_tools.shelf import read


class Reader(Protocol):
    """What a ticket lets a kernel read: one person's answers for one page."""

    def answers(self) -> dict[str, Answer]: ...

    def sittings(self) -> list[Sitting]: ...

    def planned(self) -> int: ...


class Opened:
    """What the three hands of one workbook share."""

    def __init__(self, id: str, reader: Reader | None) -> None:
        self.id = id
        self.reader = reader
        self.asked: dict[str, Prompt] = {}
        self._in_file: dict[str, Prompt] | None = None

    def answers(self) -> dict[str, Answer]:
        return {} if self.reader is None else self.reader.answers()

    def sittings(self) -> list[Sitting]:
        """This person's sittings, oldest first; at least the one being written."""
        found = [] if self.reader is None else self.reader.sittings()
        if found:
            return found
        planned = 0 if self.reader is None else self.reader.planned()
        return [Sitting(session=None, planned=planned, answers={}, current=True)]

    def prompts(self) -> dict[str, Prompt]:
        """Every prompt by key: those in the file, and those asked in this kernel.

        Served, all are asked before anything is drawn, so the file is left alone.
        """
        if self.reader is not None and self.asked:
            return self.asked
        if self._in_file is None:
            self._in_file = {p.key: p for p in self._read_file()}
        return {**self._in_file, **self.asked}

    def _read_file(self) -> tuple[Prompt, ...]:
        """The file's prompts, if the file is beside the kernel or in the kit and is sound."""
        for folder in (Path.cwd().parent, kit_folder("workbooks")):
            path = folder / f"{self.id}.ipynb"
            if path.is_file():
                try:
                    return read(path).prompts
                except CascadeError:
                    return ()
        return ()
