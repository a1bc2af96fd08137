"""Where kernels ask: a listener of its own, never the public port.

Each request shows a ticket; the gate looks it up again every time, so that signing out or
stopping a share takes effect on pages already open.
"""

import json
from collections.abc import Iterable
from typing import Any

from tornado import web

from cascade_tools.errors import CascadeError, NotFound
from cascade_tools.model.seen import to_json


class KernelFace(web.RequestHandler):
    """``GET /me /answers /sittings /desk/answers /desk/shared /desk/caseload``.

    One JSON value a line, then a line that says ``end``: a reply without it was cut off.
    """

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "application/x-ndjson")

    async def get(self, what: str) -> None:
        cascade = self.settings["cascade"]
        ticket = self.request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            body = await cascade.work(self._lines, what, ticket)
        except NotFound:
            raise web.HTTPError(404) from None
        except CascadeError:
            raise web.HTTPError(503) from None
        self.finish(body)

    def _lines(self, what: str, ticket: str) -> bytes:
        records = self.settings["cascade"].records
        holder = records.signing_in.holder(ticket)
        person, entry_id = holder.person, holder.entry_id
        desk = records.desk(person, "collect", title_of=self.settings["cascade"].title_of)
        rows: Iterable[Any]
        if what == "me":
            roles = sorted(str(r) for r in person.roles)
            rows = [{"name": person.name, "roles": roles, "planned": records.planned}]
        elif what.startswith("desk/") and entry_id is None:
            seen = {"answers": desk.answers, "shared": desk.shared, "caseload": desk.caseload}
            rows = (to_json(one) for one in seen[what.removeprefix("desk/")]())
        elif what == "answers" and entry_id is not None:
            saved = records.entries.answers(person.id, entry_id)
            rows = [{key: one.value for key, one in saved.items()}]
        elif what == "sittings" and entry_id is not None:
            sittings = records.entries.sittings(person.id, entry_id, records.planned)
            rows = (to_json(one) for one in sittings)
        else:
            raise NotFound("There is nothing here for you.")
        return b"".join(json.dumps(row).encode() + b"\n" for row in rows) + END

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish("")

    def log_exception(self, *args: Any) -> None:
        """Errors here may hold words of people; the server's log holds none."""


END = b"end\n"
FACE = [(r"/(me|answers|sittings|desk/answers|desk/shared|desk/caseload)", KernelFace)]
