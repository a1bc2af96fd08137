"""A kernel's reader of records: it asks with its ticket and gets what its person may see.

The address is a Unix socket in a folder of the server's own, or a loopback port where there are
no Unix sockets.  Nothing but the standard library, so that kernels start fast.
"""

import http.client
import json
import os
import socket
from collections.abc import Iterator
from typing import Any

from cascade_tools.errors import NotFound, NotNow
from cascade_tools.model.picture import Sitting
from cascade_tools.model.prompts import Answer
from cascade_tools.model.seen import AnswerSeen, CoachSeen, SharedSeen, from_json

SECONDS = 30
END = b"end\n"


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


class Asking:
    """One ticket and the place to use it."""

    def __init__(self, address: str, ticket: str) -> None:
        self._address = address
        self._ticket = ticket

    def lines(self, path: str) -> Iterator[Any]:
        """One JSON value a line.  Raises ``NotFound`` (not yours, or over) or ``NotNow``."""
        connection: http.client.HTTPConnection
        if self._address.startswith("unix:"):
            connection = _SocketConnection(self._address.removeprefix("unix:"))
        else:
            host, port = self._address.removeprefix("http://").split(":")
            connection = http.client.HTTPConnection(host, int(port), timeout=SECONDS)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self._ticket}"})
            response = connection.getresponse()
            if response.status == 404:
                raise NotFound("This page may no longer read. Open it again.")
            if response.status != 200:
                raise NotNow("The records cannot be read right now. Try again.")
            for line in response:
                if line == END:
                    return
                yield json.loads(line)
            # A connection that breaks looks like an ending; only the last line is one.
            raise NotNow("The records stopped in the middle. Try again.")
        except (OSError, http.client.HTTPException):
            raise NotNow("The records cannot be reached right now. Try again.") from None
        finally:
            connection.close()

    def one(self, path: str) -> Any:
        return next(self.lines(path))


class Reader:
    """What one page's pictures read: this person's own answers."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def answers(self) -> dict[str, Answer]:
        """The newest saved answers of this entry, by key."""
        found: dict[str, Answer] = self._asking.one("/answers")
        return found

    def sittings(self) -> list[Sitting]:
        """The same workbook with the same pair, oldest session first; answers by prompt key."""
        return [Sitting(**doc) for doc in self._asking.lines("/sittings")]

    def planned(self) -> int:
        """How many sessions the programme plans."""
        return int(self._asking.one("/me")["planned"])


class TicketDesk:
    """A ``Desk`` behind a ticket."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        me = asking.one("/me")
        self.name: str = me["name"]
        self.roles: frozenset[str] = frozenset(me["roles"])

    def answers(self) -> Iterator[AnswerSeen]:
        for doc in self._asking.lines("/desk/answers"):
            yield from_json(AnswerSeen, doc)

    def shared(self) -> list[SharedSeen]:
        return [from_json(SharedSeen, doc) for doc in self._asking.lines("/desk/shared")]

    def caseload(self) -> list[CoachSeen]:
        return [from_json(CoachSeen, doc) for doc in self._asking.lines("/desk/caseload")]


def _asking_from_env() -> Asking | None:
    address, ticket = os.environ.get("CASCADE_RECORDS"), os.environ.get("CASCADE_TICKET")
    return Asking(address, ticket) if address and ticket else None


def reader_from_env() -> Reader | None:
    """The reader of a served page's kernel; None in JupyterLab and in rehearsals."""
    asking = _asking_from_env()
    return None if asking is None else Reader(asking)


def desk_from_env() -> TicketDesk | None:
    """The desk of a served page's kernel; None in JupyterLab and in rehearsals."""
    asking = _asking_from_env()
    return None if asking is None else TicketDesk(asking)
