"""The door for a supervisor's or evaluator's notebook: one reader's view through the gate."""

from collections.abc import Iterator
from functools import cache

from cascade_tools.model.seen import AnswerSeen, CoachSeen, Desk, SharedSeen


def open_desk() -> Desk:
    """The desk of whoever opened this page; outside the server, an empty one for trying things.

    Served, it is the desk of the kernel's ticket and ends with it.
    """
    from cascade_tools.client import desk_from_env

    return desk_from_env() or _preview()


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
