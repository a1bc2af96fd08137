"""Somebody without a browser: plain HTTP, with cookies and tokens of their own."""

import http.client
import itertools
import json
import secrets
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from cascade_tools.shelf import open_shelf
from tests.living import PASSPHRASE, House

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Reply:
    """``body`` is text; ``headers`` are as they came, names in any case."""

    status: int
    headers: http.client.HTTPMessage
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """``Visitor(house, "amina")`` signs in; without a name nobody is signed in."""

    def __init__(
        self,
        house: House,
        who: str | None = None,
        port: int = 0,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.house = house
        self.port = port or house.port
        self.cookies: dict[str, str] = {}
        self.always = headers or {}
        self.patience = 60.0
        self.person = house.people[who].id if who else ""
        self.writer = secrets.token_hex(8)
        self._count = itertools.count(1)
        self._line: http.client.HTTPConnection | None = None
        if who is not None and not house.by_form(who):
            self.cookies |= house.enter(who)
        elif who is not None:
            reply = self.sign_in(house.people[who].name, PASSPHRASE)
            assert reply.status == 302, reply.status

    # Asking

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str = b"",
        headers: dict[str, str] | None = None,
        *,
        cookies: bool = True,
    ) -> Reply:
        """One request, as it is.  Raises ``OSError`` or ``HTTPException`` when nobody answers."""
        sent = {**self.always, **(headers or {})}
        if cookies and self.cookies and "Cookie" not in sent:
            sent["Cookie"] = self.cookie
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            self._line.request(method, self.house.base.rstrip("/") + path, body or None, sent)
            answer = self._line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        if cookies:
            self._keep(answer.headers)
        return Reply(answer.status, answer.headers, text)

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _keep(self, headers: http.client.HTTPMessage) -> None:
        for line in headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @property
    def token(self) -> dict[str, str]:
        """The header that shows that a request comes from a page of ours."""
        if "_xsrf" not in self.cookies:
            self.ask("GET", "/worried")
        return {"X-XSRFToken": self.cookies["_xsrf"]}

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Any = (), **headers: str) -> Reply:
        sent = {"Content-Type": FORM, **self.token, "X-Cascade-Person": self.person, **headers}
        return self.ask("POST", path, urlencode(fields), sent)

    def sign_in(self, name: str, passphrase: str) -> Reply:
        return self.post("/sign-in", {"name": name, "passphrase": passphrase})

    # Writing

    def save(
        self,
        entry: str,
        key: str,
        value: Any,
        *,
        workbook: str = "coach/after-i-coach",
        base: int = 0,
        counter: int = 0,
        writer: str = "",
        **headers: str,
    ) -> Reply:
        """Save one answer as the page does."""
        sent = {
            "value": value,
            "base": base,
            "asked": asked(self.house, workbook, key),
            "writer": writer or self.writer,
            "counter": counter or next(self._count),
        }
        told = {"Content-Type": "application/json", **self.token, "X-Cascade-Person": self.person}
        path = f"/api/entries/{entry}/answers/{key}"
        return self.ask("PUT", path, json.dumps(sent), {**told, **headers})


def asked(house: House, workbook: str, key: str) -> str:
    """The name of a question's wording, as it stands on the page."""
    prompt = open_shelf(house.folder.local).get(workbook).prompt(key)
    assert prompt is not None
    return prompt.asked
