"""``/me/data``: everything by or about me, to take along; and erasing one sheet, or everything."""

import json
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from cascade_tools.draw.my_data import my_data_html
from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.server.base import Page

BACKUP_DAYS = 35
COPY = "copy"


class Mine(Page):
    """Leaving and asking are open to everybody who is signed in, whatever they said yes to."""

    before_yes = True

    def gathered(self) -> dict[str, Any]:
        return self.records.my_data.gather(self.person.id, self.serving.title_of)


class MyDataPage(Mine):
    """``GET /me/data``: what there is, how long it is kept, and what may be done with it."""

    async def get(self) -> None:
        values = await self.work(self._values)
        self.show("my-data.html", gone=self.get_argument("gone", ""), **values)

    def _values(self) -> dict[str, Any]:
        data = self.gathered()
        erasing = self.records.erasing
        return {
            "data": data,
            "may_go": erasing.may_go(self.person.id),
            "leaving": erasing.leaving(self.person.id),
            "stones": erasing.tombstones(self.person.id),
            "asked_on": _asked_on(data),
            "title_of": self.serving.title_of,
            "date": _in_words,
        }


def _asked_on(data: Mapping[str, Any]) -> str:
    """The day of a request for copies that has not been answered yet."""
    waiting = [r for r in data["requests"] if r["kind"] == COPY and r["answered_on"] is None]
    return _in_words(waiting[-1]["received_on"]) if waiting else ""


def _in_words(day: str | date | None) -> str:
    if day is None:
        return ""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{on.day} {on:%B %Y}"


class AskForCopies(Mine):
    """``POST /me/data/ask``: what others wrote about me, each looked at by its writer first."""

    async def post(self) -> None:
        await self.work(self.records.requests.ask, self.person.id, COPY)
        self.redirect(self.to("me/data") + "#others")


class Download(Mine):
    """``GET /me/data/page`` and ``/me/data/json``: one file with everything.

    On a shared computer the file is first asked about: it stays there when its owner has gone.
    """

    def initialize(self, kind: str) -> None:
        self.kind = kind

    async def get(self) -> None:
        if self.signed_in.shared and self.get_argument("sure", "") != "yes":
            self.show("my-data-sure.html", kind=self.kind)
            return
        data = await self.work(self.gathered)
        # No name in it: a list of downloads is read by others, too.
        self.set_header(
            "Content-Disposition", f'attachment; filename="my-data.{EXTENSIONS[self.kind]}"'
        )
        if self.kind == "json":
            self.set_header("Content-Type", "application/json")
            self.finish(json.dumps(data, ensure_ascii=False, indent=1))
            return
        settings = self.serving.settings
        html = my_data_html(
            data,
            programme=settings.programme_name,
            controller=settings.controller,
            clock=self._moment,
        )
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(str(html))

    def _moment(self, at: Any) -> str:
        """A file is read on other days, so it says which."""
        here = at.astimezone(self.serving.settings.zone)
        return f"{here.day} {here:%B %Y} at {here:%H:%M}"


EXTENSIONS = {"page": "html", "json": "json"}


class EraseEntry(Mine):
    """``/entries/<id>/erase``: stops for a moment, says what goes and what stays, and erases."""

    async def get(self, entry_id: str) -> None:
        self.show("erase-entry.html", **await self.work(self._values, entry_id))

    def _values(self, entry_id: str) -> dict[str, Any]:
        goes = self.records.erasing.goes(self.person.id, entry_id)
        entry = self.records.entries.get(self.person.id, entry_id)
        return {
            "entry": entry,
            "goes": goes,
            "title": self.serving.title_of(entry.workbook),
            "forgotten": _forgotten(self),
            "date": _in_words,
        }

    async def post(self, entry_id: str) -> None:
        await self.work(self.records.erasing.entry, self.person.id, entry_id)
        # A kernel may still hold what its page had read.
        await self.kernel_manager.end_all_of(self.person.id)
        self.redirect(self.to("me/data", gone="yes"))


class EraseEverything(Mine):
    """``/me/data/erase``: everything that is mine alone, and my account, after my passphrase."""

    async def get(self) -> None:
        await self._form()

    async def _form(self, problem: str = "") -> None:
        leaving = await self.work(self.records.erasing.leaving, self.person.id)
        status = HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK
        self.show(
            "erase-everything.html",
            status,
            leaving=leaving,
            problem=problem,
            forgotten=_forgotten(self),
        )

    async def post(self) -> None:
        person = self.person
        try:
            await self.work(self._check)
            await self.work(self.records.erasing.everything, person.id)
        except (WrongPassphrase, NotPossible) as error:
            await self._form(str(error))
            return
        await self.kernel_manager.end_all_of(person.id)
        self.clear_cookie(
            self.serving.cookie, path="/", secure=self.serving.https, httponly=True, samesite="Lax"
        )
        self.set_header("Clear-Site-Data", '"cache", "storage"')
        forgotten = _forgotten(self)
        self.current_user = None
        self.show("erased.html", forgotten=forgotten)

    def _check(self) -> None:
        """Whoever finds a page open must not be able to erase what its owner wrote.

        Fictional people have no passphrase.
        """
        if self.serving.settings.demo:
            return
        passphrase = self.get_body_argument("passphrase", "", strip=False)
        self.records.signing_in.verify(
            self.person.name,
            passphrase,
            self.request.remote_ip or "",
            self.get_cookie(self.serving.cookie, ""),
        )


def _forgotten(page: Page) -> str:
    """The day from which no backup made until now is kept."""
    today = page.records.store.now().astimezone(page.serving.settings.zone).date()
    return _in_words(date.fromordinal(today.toordinal() + BACKUP_DAYS))
