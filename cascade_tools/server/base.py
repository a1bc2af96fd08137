"""What every page of a served programme has in common: who is there, and what they may do."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from jupyter_server.base.handlers import JupyterHandler
from markupsafe import Markup
from tornado import web

from cascade_tools.errors import NotNow, SignedOut
from cascade_tools.model.people import Person, Role
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Records, SignedIn
from cascade_tools.server.answer import CSP, Answer
from cascade_tools.server.serving import Serving

P = ParamSpec("P")
T = TypeVar("T")


class Page(Answer, JupyterHandler):  # type: ignore[misc]
    """A handler of ours.  Signed-in people only, unless ``open_to_all`` says otherwise.

    Nothing can be posted by somebody who has not said that anything may be kept, except where
    ``before_yes``: to choose, to look after one's own account and data, to take something back.
    """

    open_to_all = False
    before_yes = False
    # A page that asks by itself: nobody did anything, so it keeps no session open.
    asks_by_itself = False

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

    def will_think(self, workbook: Workbook) -> None:
        """A kernel will be wanted soon.  What Voila's widgets need is allowed where there will be
        any: pictures need no more than other pages."""
        if not workbook.only_draws:
            policy = CSP.format(script=" blob:", style=" 'unsafe-inline'")
            self.set_header("Content-Security-Policy", policy)
        if self.kernel_manager.warmth is not None:
            self.kernel_manager.warmth.wake()

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
        if self.asks_by_itself or not self.signed_in.due:
            return
        # Nobody is kept from reading because the clock cannot be written.
        with suppress(NotNow):
            await self.serving.save(self.records.signing_in.touch, self.signed_in)

    def _ask_to_sign_in(self) -> None:
        if self.answers_json:
            raise SignedOut("Sign in again. Your words are still on the page.")
        back = self.request.uri if self.request.method == "GET" else self.serving.addresses.base
        self.redirect(self.to("sign-in", next=back or self.serving.addresses.base))

    async def work(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.serving.work(call, *args, **kwargs)

    def has(self, role: Role) -> bool:
        return self.current_user is not None and role in self.person.roles

    def _common(self) -> dict[str, Any]:
        signed_in = self.signed_in if self.current_user is not None else None
        shared = signed_in is not None and signed_in.shared
        return super()._common() | {
            "person": self.person if self.current_user is not None else None,
            "xsrf": Markup('<input type="hidden" name="_xsrf" value="{}">').format(
                self.xsrf_token.decode()
            ),
            "clock": self.serving.clock,
            "day": self.serving.day,
            "role_words": self.serving.role_words,
            "shared_computer": shared,
            "idle_minutes": self.records.signing_in.idle(shared).total_seconds() / 60,
            "seconds_left": int(signed_in.left.total_seconds()) if signed_in else 0,
        }

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if not hasattr(self, "_jupyter_current_user"):
            # The records could not say who this is; the sentence is for anybody.
            self.current_user = self._jupyter_current_user = None
        super().write_error(status_code, **kwargs)


class Nothing(Page):
    """Every address that is not ours."""

    open_to_all = True

    async def prepare(self) -> None:
        await super().prepare()
        raise web.HTTPError(404)
