"""The peer of a save: ``python -m bench.bare PORT FILE``.

A tornado handler that reads JSON and commits it to SQLite before it answers (WAL,
synchronous=FULL).  No sign-in, no encryption, no policy, no revisions: the least a durable save
can be.
"""

import asyncio
import json
import sqlite3
import sys

from tornado import web


class Save(web.RequestHandler):
    """``PUT /<anything>``: one row, one commit.  ``GET``: a page, so that it can be waited for."""

    def initialize(self, database: sqlite3.Connection) -> None:
        self.database = database

    def get(self) -> None:
        self.finish("<html></html>")

    def put(self) -> None:
        sent = json.loads(self.request.body)
        self.database.execute(
            "INSERT INTO answers (path, value, counter) VALUES (?, ?, ?)",
            (self.request.path, sent["value"], sent["counter"]),
        )
        self.database.commit()
        self.finish({"revision": sent["counter"]})


async def main(port: int, file: str) -> None:
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, path, value, counter)")
    app = web.Application([(r"/.*", Save, {"database": database})], log_function=lambda _: None)
    app.listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
