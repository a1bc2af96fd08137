"""All workbooks of a programme: the kit's, and its own in their place."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cascade_tools.errors import NotFound, WorkbookFault
from cascade_tools.kit import kit_folder
from cascade_tools.model.workbook import Workbook
from cascade_tools.shelf.faults import Fault
from cascade_tools.shelf.files import WORKBOOK_ID, workbook_id
from cascade_tools.shelf.reading import examine

# Python counts how deep it reads for all threads together: when two read at once, one of them may
# be told that sound code is nested too deeply (python/cpython#106905).
_ONE_READS = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file held when its stamp (time changed in ns, size) was this."""

    stamp: tuple[int, int]
    workbook: Workbook | None
    faults: list[Fault]


class Shelf:
    """Workbooks by id from several folders; a later folder's file stands in for an earlier one's.

    A file is read again when it has changed.  A workbook with faults is left out, even where an
    earlier folder has a sound one of the same id: people would be asked other questions.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._known: dict[Path, _Read] = {}

    def find(self, workbook_id: str) -> Workbook | None:
        path = self._file(workbook_id)
        return None if path is None else self._read(path).workbook

    def get(self, workbook_id: str) -> Workbook:
        """Raises ``NotFound`` when there is none, or none without faults."""
        workbook = self.find(workbook_id)
        if workbook is None:
            raise NotFound("There is no such workbook.")
        return workbook

    def path(self, workbook_id: str) -> Path:
        """The file of a workbook, sound or not.  Raises ``NotFound``."""
        path = self._file(workbook_id)
        if path is None:
            raise NotFound("There is no such workbook.")
        return path

    def all(self) -> list[Workbook]:
        """Every sound workbook, by id."""
        found = (self._read(path).workbook for path in self._files())
        return sorted((w for w in found if w is not None), key=lambda w: w.id)

    def faults(self) -> list[Fault]:
        """Why workbooks were left out."""
        return sorted(fault for path in self._files() for fault in self._read(path).faults)

    def _file(self, wanted: str) -> Path | None:
        # The pattern also keeps ids that climb out of the folders ("../…") from touching a file.
        if not WORKBOOK_ID.match(wanted):
            return None
        paths = (folder / f"{wanted}.ipynb" for folder in reversed(self.folders))
        return next((path for path in paths if path.is_file()), None)

    def _files(self) -> Iterator[Path]:
        """Every notebook file that counts, misplaced ones too, so that ``faults`` names them."""
        chosen: dict[str, Path] = {}
        for folder in self.folders:
            for path in sorted(folder.rglob("*.ipynb")):
                inside = path.relative_to(folder)
                if not any(part.startswith(".") for part in inside.parts):
                    chosen[workbook_id(path) if len(inside.parts) == 2 else str(path)] = path
        return iter(chosen.values())

    def _read(self, path: Path) -> _Read:
        try:
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
        except OSError:
            stamp = (0, 0)
        known = self._known.get(path)
        if known is None or known.stamp != stamp:
            with _ONE_READS:
                # Whoever waited finds it read.
                known = self._known.get(path)
                if known is None or known.stamp != stamp:
                    known = self._known[path] = _Read(stamp, *examine(path))
        return known


class RehearsalShelf(Shelf):
    """The kit's workbooks, and one file that somebody is still writing in its place.

    A fault in that file is said and not hidden: ``get`` raises ``WorkbookFault`` with all of them.
    """

    def __init__(self, path: Path) -> None:
        super().__init__([kit_folder("workbooks")])
        self.one, self.id = path, workbook_id(path)

    def get(self, workbook_id: str) -> Workbook:
        if workbook_id == self.id and (faults := self._read(self.one).faults):
            raise WorkbookFault("\n".join(map(str, faults)))
        return super().get(workbook_id)

    def _file(self, wanted: str) -> Path | None:
        return self.one if wanted == self.id else super()._file(wanted)

    def _files(self) -> Iterator[Path]:
        yield from (path for path in super()._files() if workbook_id(path) != self.id)
        yield self.one


def open_shelf(local: Path | None = None) -> Shelf:
    """The kit's workbooks, and those in ``local/workbooks`` in their place.

    ``local`` is the programme's own ``local`` folder; it need not exist.
    """
    folders = [kit_folder("workbooks")]
    if local is not None:
        folders.append(local / "workbooks")
    return Shelf(folders)
