"""What every page and every answer of the server has in common."""

import json
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from jupyter_server.base.handlers import JupyterHandler
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
from cascade_tools.model.people import Person, Role
from cascade_tools.records import Records, SignedIn
from cascade_tools.server.serving import Serving
from cascade_tools.server.static import bundle

P = ParamSpec("P")
T = TypeVar("T")

CSP = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
RETRY_SECONDS = 5
LOG = logging.getLogger("cascade")


class Page(JupyterHandler):  # type: ignore[misc]
    """A handler of ours.  Signed-in people only, unless ``open_to_all`` says otherwise.

    Nothing can be posted by somebody who has not said that anything may be kept, except where
    ``before_yes``: to choose, to look after one's own account and data, to take something back.
    """

    open_to_all = False
    before_yes = False
    reference = ""
    # A page that asks by itself: nobody did anything, so it keeps no session open.
    asks_by_itself = False
    answers_json = False

    @property
    def serving(self) -> Serving:
        serving: Serving = self.settings["cascade"]
        return serving

    @property
    def records(self) -> Records:
        return self.serving.records

    @property
    def signed_in(self) -> SignedIn:
        if self.current_user is None:
            raise SignedOut("Nobody is signed in.")
        signed_in: SignedIn = self.current_user.signed_in
        return signed_in

    @property
    def person(self) -> Person:
        return self.signed_in.person

    @property
    def content_security_policy(self) -> str:
        return CSP.format(script="", style="")

    def allow_widgets(self) -> None:
        """Only a page that thinks needs what Voila's widgets need."""
        policy = CSP.format(script=" blob:", style=" 'unsafe-inline'")
        self.set_header("Content-Security-Policy", policy)

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        self.clear_header("Server")
        if self.serving.https:
            self.set_header("Strict-Transport-Security", "max-age=31536000")

    async def prepare(self) -> None:
        waiting = super().prepare()
        if waiting is not None:
            await waiting
        if self.open_to_all or self._finished:
            return
        if self.current_user is None:
            self._ask_to_sign_in()
            return
        if self.request.method == "POST" and not self.before_yes:
            await self.work(self.records.consents.check, self.person.id)
        if self.asks_by_itself:
            return
        # Nobody is kept from reading because the clock cannot be written.
        with suppress(NotNow):
            await self.serving.work(self.records.signing_in.touch, self.signed_in)

    def _ask_to_sign_in(self) -> None:
        if self.answers_json:
            raise SignedOut("Sign in again. Your words are still on the page.")
        back = self.request.uri if self.request.method == "GET" else self.serving.addresses.base
        self.redirect(self.to("sign-in", next=back or self.serving.addresses.base))

    def to(self, path: str = "", **query: str) -> str:
        return self.serving.addresses.to(path, **query)

    async def work(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.serving.work(call, *args, **kwargs)

    def has(self, role: Role) -> bool:
        return self.current_user is not None and role in self.person.roles

    def draw(self, template: str, **values: Any) -> Markup:
        """A template of ours, with what every page shows."""
        return render(template, **self._common(), **values)

    def _common(self) -> dict[str, Any]:
        files = bundle()
        signed_in = self.signed_in if self.current_user is not None else None
        shared = signed_in is not None and signed_in.shared
        return {
            "to": self.to,
            "static": lambda name: self.to(f"static/{files.version}/{name}"),
            "settings": self.serving.settings,
            "person": self.person if self.current_user is not None else None,
            "xsrf": Markup('<input type="hidden" name="_xsrf" value="{}">').format(
                self.xsrf_token.decode()
            ),
            "clock": self.serving.clock,
            "day": self.serving.day,
            "role_words": self.serving.role_words,
            "base": self.serving.addresses.base,
            "shared_computer": shared,
            "idle_minutes": self.records.signing_in.idle(shared).total_seconds() / 60,
            "seconds_left": int(signed_in.left.total_seconds()) if signed_in else 0,
        }

    def show(self, template: str, status: int = 200, **values: Any) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(str(self.draw(f"pages/{template}", **values)))

    def reply(self, body: dict[str, Any], status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))

    # Errors: one plain sentence, and nothing of what a person wrote in any log.

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if not hasattr(self, "_jupyter_current_user"):
            # The records could not say who this is; the sentence is for anybody.
            self.current_user = self._jupyter_current_user = None
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


class Nothing(Page):
    """Every address that is not ours."""

    open_to_all = True

    async def prepare(self) -> None:
        await super().prepare()
        raise web.HTTPError(404)
