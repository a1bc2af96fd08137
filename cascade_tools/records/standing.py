"""How the records stand: how many people are there, and whether anything can be written."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cascade_tools.records.rows import new_id
from cascade_tools.records.sessions import ABSOLUTE_HOURS
from cascade_tools.records.store import Store
from cascade_tools.records.tables import AttemptRow, SignInRow


class Standing:
    """Counts alone, for whoever looks after the computer; ``idle`` as in ``Sessions``."""

    def __init__(self, store: Store, idle: Callable[[bool], timedelta]) -> None:
        self._store = store
        self._idle = idle

    def people(self, within: timedelta) -> tuple[int, int]:
        """How many people are signed in, and how many of them did something ``within`` this time.

        Somebody signed in on two computers is one person.  Raises ``NotNow``.
        """
        now = self._store.now()
        with self._store.database.reading() as s:
            rows = s.execute(
                select(SignInRow.person_id, SignInRow.seen_at, SignInRow.shared).where(
                    SignInRow.ended_at.is_(None),
                    SignInRow.waiting == "",
                    SignInRow.started_at > now - timedelta(hours=ABSOLUTE_HOURS),
                    SignInRow.seen_at > now - self._idle(False),
                )
            ).all()
        live = [(who, seen) for who, seen, shared in rows if now - seen < self._idle(shared)]
        return len({who for who, _ in live}), len({w for w, seen in live if now - seen < within})

    def try_writing(self) -> None:
        """Write as a save does, and leave all as it was.  Raises ``NotNow``."""
        self._store.database.saves.do(self._write)

    def _write(self, s: Session) -> None:
        tried = AttemptRow(id=new_id(), who="", at=self._store.now())
        s.add(tried)
        s.flush()
        s.execute(delete(AttemptRow).where(AttemptRow.id == tried.id))
