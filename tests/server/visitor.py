"""A person at a browser without scripts: cookies, forms, and nothing the server did not send."""

import gzip
import http.client
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.living import PASSPHRASE, House

Fields = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        assert self.headers["Content-Type"] == "application/json", self.headers["Content-Type"]
        return json.loads(self.body)

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""


class Visitor:
    """``Visitor(house, "amina")`` is signed in; without a name nobody is."""

    def __init__(self, house: House, who: str = "") -> None:
        self.house = house
        self.who = who
        self.cookies: dict[str, str] = {}
        if who and not house.by_form(who):
            self.cookies |= house.enter(who)
        elif who:
            reply = self.sign_in(house.people[who].name)
            assert reply.status == 302, reply.text

    @property
    def person(self) -> str:
        return self.house.people[self.who].id

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request, sent as it is; ``path`` is below the base."""
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        sent |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=60)
        address = path if path.startswith("http") else self.house.base + path.lstrip("/")
        connection.request(method, address, body, sent)
        answer = connection.getresponse()
        content = answer.read()
        if answer.headers["Content-Encoding"] == "gzip":
            content = gzip.decompress(content)
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        connection.close()
        return Reply(answer.status, answer.headers, content)

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers=headers)

    @property
    def token(self) -> str:
        """The cross-site token; a page must have been seen first."""
        if "_xsrf" not in self.cookies:
            self.get("worried")
        return self.cookies["_xsrf"]

    def post(self, path: str, fields: Fields | None = None, **headers: str) -> Reply:
        """Post a form, as its page would."""
        body = urlencode({"_xsrf": self.token, **(fields or {})}, doseq=True).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, kind | headers)

    def sign_in(self, name: str, passphrase: str = PASSPHRASE, next: str = "/") -> Reply:
        return self.post("sign-in", {"name": name, "passphrase": passphrase, "next": next})

    def put(self, path: str, body: object, **headers: str) -> Reply:
        """Save one answer, as the page's script does."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"X-XSRFToken": self.token, "Content-Type": "application/json"}
        if self.who:
            sent["X-Cascade-Person"] = self.person
        return self.ask("PUT", path, content, sent | headers)

    # What people do

    def start(self, workbook: str = "coach/after-i-coach", **fields: str) -> str:
        """Start a workbook; returns the entry's id."""
        if workbook == "coach/after-i-coach" and not fields:
            pair = self.house.pair if self.who == "amina" else self.house.beths_pair
            fields = {"session": f"{pair}/new"}
        reply = self.post(f"workbooks/{workbook}", fields)
        assert reply.status == 302, reply.text
        found = re.fullmatch(r".*/entries/([0-9a-f]{32})", reply.location)
        assert found is not None, reply.location
        return found.group(1)

    def asked(self, entry: str, key: str) -> str:
        """The name of a question's wording, as it stands on the page."""
        found = re.search(
            rf'name="asked:{key}" value="([0-9a-f]+)"', self.get(f"entries/{entry}").text
        )
        assert found is not None, key
        return found.group(1)

    def save(
        self,
        entry: str,
        key: str,
        value: object,
        *,
        base: int = 0,
        writer: str = "page-1",
        counter: int = 1,
        asked: str = "",
    ) -> Reply:
        asked = asked or self.asked(entry, key)
        sent = {"value": value, "base": base, "writer": writer, "counter": counter, "asked": asked}
        return self.put(f"api/entries/{entry}/answers/{key}", sent)

    def share(self, entry: str, *parts: str, ticks: Sequence[str] = ()) -> str:
        """Share sections of an entry with the one possible reader; returns the snapshot's id."""
        fields: dict[str, str | list[str]] = {
            "part": list(parts),
            "tick": list(ticks),
            "until-day": "27",
            "until-month": "3",
            "until-year": "2099",
            "purpose": "To talk about",
        }
        preview = self.post(f"entries/{entry}/share", fields)
        assert preview.status == 200, preview.text
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview.text)
        assert seen is not None
        reply = self.post(f"entries/{entry}/share", {**fields, "seen": seen.group(1)})
        assert reply.status == 302, reply.text
        check = self.get(f"entries/{entry}/check").text
        snapshot = re.search(r"/shared/([0-9a-f]{32})", check)
        assert snapshot is not None
        return snapshot.group(1)

    def share_all(self, entry: str) -> str:
        """Share every part with every box ticked; returns the snapshot's id."""
        check = self.get(f"entries/{entry}/check").text
        parts, ticks = (
            re.findall(rf'name="{name}"[^>]* value="([a-z0-9-]+)"', check)
            for name in ("part", "tick")
        )
        return self.share(entry, *parts, ticks=ticks)
