"""What every answer has in common, whoever asks: headers, addresses, drawing, errors in words."""

import base64
import hashlib
import json
import logging
import secrets
from functools import cache
from http import HTTPStatus
from typing import Any, Protocol

from markupsafe import Markup
from tornado import web

from cascade_tools.draw.templates import render
from cascade_tools.errors import (
    CascadeError,
    NotAccepted,
    NotFound,
    NotNow,
    NotPossible,
    SettingsFault,
    SignedOut,
    WorkbookFault,
)
from cascade_tools.server.addresses import Addresses
from cascade_tools.server.static import bundle
from cascade_tools.settings import Settings

CSP = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
RETRY_SECONDS = 5
LOG = logging.getLogger("cascade")


class Packed(web.GZipContentEncoding):
    """Pages compressed on the fly: two thirds of the usual work for a twentieth more bytes."""

    GZIP_LEVEL = 4


class Served(Protocol):
    """What an answer must know of the place it comes from: a whole programme, or a room."""

    @property
    def settings(self) -> Settings: ...
    @property
    def addresses(self) -> Addresses: ...
    @property
    def https(self) -> bool: ...


class Answer(web.RequestHandler):
    """A handler of ours.  ``in_room``: nobody is anybody here, and nothing can be kept."""

    in_room = False
    answers_json = False
    reference = ""

    @property
    def serving(self) -> Served:
        serving: Served = self.settings["cascade"]
        return serving

    @property
    def content_security_policy(self) -> str:
        return CSP.format(script="", style="")

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Content-Security-Policy", self.content_security_policy)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        self.clear_header("Server")
        if self.serving.https:
            self.set_header("Strict-Transport-Security", "max-age=31536000")

    def to(self, path: str = "", **query: str) -> str:
        return self.serving.addresses.to(path, **query)

    def draw(self, template: str, **values: Any) -> Markup:
        """A template of ours, with what every page shows."""
        return render(template, **self._common(), **values)

    def _common(self) -> dict[str, Any]:
        files = bundle()
        return {
            "to": self.to,
            "static": lambda name: self.to(f"static/{files.version}/{name}"),
            "settings": self.serving.settings,
            "base": self.serving.addresses.base,
            "in_room": self.in_room,
            "person": None,
            "shared_computer": False,
            "xsrf": "",
        }

    def show(self, template: str, status: int = 200, **values: Any) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(str(self.draw(f"pages/{template}", **values)))

    def show_paper(self, page: str, style: str) -> None:
        """A page to print, with a style of its own: nothing is loaded, sent or run."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", _policy_of_paper(style))
        self.finish(page)

    def reply(self, body: dict[str, Any], status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    # Errors: one plain sentence, and nothing of what a person wrote in any log.

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        status, sentence = self._in_words(status_code, error)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.set_header("Retry-After", str(RETRY_SECONDS))
        if self.answers_json:
            self.reply({"problem": sentence}, status)
            return
        known = {404: "not-found.html", 409: "to-mend.html", 503: "cannot-save.html"}
        name = known.get(status, "not-possible.html" if status < 500 else "error.html")
        self.show(name, status, sentence=sentence, reference=self.reference)

    def _in_words(self, status_code: int, error: BaseException | None) -> tuple[int, str]:
        match error:
            case NotFound():
                return 404, "There is nothing here for you."
            case SignedOut():
                return 401, str(error)
            case NotAccepted():
                return 422, str(error)
            case NotPossible():
                return 400, str(error)
            case WorkbookFault():
                # Only in a rehearsal: elsewhere a workbook with a fault is not there at all.
                return 409, str(error)
            case NotNow():
                return 503, "This cannot be saved right now. Your words are still on the page."
            case web.HTTPError() if status_code == 403:
                return 403, "This page is too old or came from somewhere else. Open it again."
            case web.HTTPError() if status_code == 413:
                return 413, "This is too long to save. Make it shorter."
        if status_code == 404:
            return 404, "There is nothing here for you."
        if 400 <= status_code < 500:
            return status_code, "That did not work. Go back and try again."
        return 500, "Something went wrong on our side. What showed “Saved” is safe."

    def log_exception(self, kind: Any, value: Any, trace: Any) -> None:
        """Name the kind of error and the place in our code; never a value a person gave."""
        expected = isinstance(value, web.HTTPError | CascadeError)
        if expected and not isinstance(value, SettingsFault):
            return
        place = trace
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else "?"
        # The same few letters stand on the page, so that one can be found by the other.
        self.reference = secrets.token_hex(3)
        LOG.error("%s in %s (%s) [%s]", kind.__name__, type(self).__name__, where, self.reference)


@cache
def _policy_of_paper(style: str) -> str:
    """The page's own style counts, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
