"""Saves that come at the same moment share one commit.

Waiting for the disk costs the same for one answer as for thirty.  So whoever comes first writes
for all who wait, in the order in which they came, and each is told that it is saved only after the
commit that holds it.  While that one is on its way the next ones gather: the more people write,
the more of them share a commit, and nobody is turned away for being one of many.

The same way LevelDB and RocksDB queue their writers.
"""

import threading
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from cascade_tools.errors import NotNow

T = TypeVar("T")
MOST_TOGETHER = 64


class _Turn(Generic[T]):
    """One call that waits, and what came of it."""

    def __init__(self, call: Callable[[Session], T]) -> None:
        self.call = call
        # Set when it is over, or when it is this one's turn to write for all who wait.
        self.woken = threading.Event()
        self.over = False
        self.result: T
        self.fault: Exception | None = None


class GroupCommit:
    """``writing`` opens a transaction that is committed when it is left."""

    def __init__(self, writing: Callable[[], AbstractContextManager[Session]]) -> None:
        self._writing = writing
        self._queue: deque[_Turn[Any]] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many calls wait for their commit."""
        return len(self._queue)

    def do(self, call: Callable[[Session], T]) -> T:
        """What ``call`` returns or raises, once the commit that holds it is on the disk.

        Another thread may make the call.  One that raises leaves nothing behind and is in nobody's
        way.  Raises ``NotNow`` when the database could not write or commit.
        """
        turn = _Turn(call)
        with self._lock:
            self._queue.append(turn)
            if self._queue[0] is turn:
                turn.woken.set()
        turn.woken.wait()
        if not turn.over:
            self._write()
        if turn.fault is not None:
            raise turn.fault
        return turn.result

    def _write(self) -> None:
        turns: list[_Turn[Any]] = []
        fault: Exception | None = NotNow("The records were not written.")
        try:
            with self._writing() as session:
                # Only now: more have come while the database was somebody else's.
                turns = self._first()
                for turn in turns:
                    self._call(turn, session)
            fault = None
        except Exception as error:
            fault = error
        finally:
            # Whatever happened here, nobody waits for ever.
            self._over(turns or self._first(), fault)

    def _first(self) -> list[_Turn[Any]]:
        with self._lock:
            return list(islice(self._queue, MOST_TOGETHER))

    def _over(self, turns: list[_Turn[Any]], fault: Exception | None) -> None:
        with self._lock:
            for turn in turns:
                self._queue.popleft()
                turn.fault = fault or turn.fault
                turn.over = True
            if self._queue:
                self._queue[0].woken.set()
        for turn in turns:
            turn.woken.set()

    def _call(self, turn: _Turn[Any], session: Session) -> None:
        try:
            with session.begin_nested():
                turn.result = turn.call(session)
        except OperationalError:
            # The disk may have ended the whole transaction: all of them are asked to come again.
            raise
        except Exception as error:
            turn.fault = error
