"""The door for the notebook of a supervisor, programme lead or evaluator: one reader's view
through the gate, and ``show`` for what the server writes into their page."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from cascade_tools.errors import WorkbookFault
from cascade_tools.model.seen import AnswerSeen, CoachSeen, Desk, SharedSeen


def open_desk() -> Desk:
    """The desk of whoever opened this page; outside the server, an empty one for trying things.

    Served, it is the desk of the kernel's ticket and ends with it.
    """
    from cascade_tools.client import desk_from_env

    return desk_from_env() or _preview()


class Show:
    """What stands on a desk's page already, written by the server from the records alone."""

    def overview(self) -> None:
        """The coaches a supervisor holds: who asked to talk, and what is not yet read."""
        _listed("the overview")

    def running(self) -> None:
        """How the programme is running: its own counts, and who is ready for a first session."""
        _listed("how the programme is running")

    def funder(self) -> None:
        """What can be told a funder, on one page."""
        _listed("what can be told a funder")

    def what_changed(self) -> None:
        """What changed, as it was released."""
        _listed("what changed")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        from cascade_tools.shelf import DESK_SHOWN, did_you_mean

        raise WorkbookFault(f"There is no show.{name}().{did_you_mean(name, DESK_SHOWN)}")


show = Show()


def _listed(what: str) -> None:
    """Served, the page has it already; elsewhere this says what will stand here."""
    from cascade_tools.client import desk_from_env

    if desk_from_env() is None:
        print(f"Here the page shows {what}.")


class PreviewDesk:
    """A desk with nothing on it: every table has its columns and no rows."""

    name = "Preview"
    roles: frozenset[str] = frozenset()

    def answers(self) -> Iterator[AnswerSeen]:
        return iter(())

    def shared(self) -> list[SharedSeen]:
        return []

    def caseload(self) -> list[CoachSeen]:
        return []


@cache  # so that it is said once, however often the cell runs
def _preview() -> PreviewDesk:
    print("Preview: nothing is saved.")
    return PreviewDesk()
