"""Sign in, sign out, leave quickly, and the one-time link to choose a passphrase."""

import calendar
from http import HTTPStatus

from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.records.sessions import CODE, SET_UP
from cascade_tools.server.base import Page

AUTHENTICATOR = "me/signing-in/app"


class Door(Page):
    """Pages for people who are not signed in yet."""

    open_to_all = True
    before_yes = True

    @property
    def in_place(self) -> bool:
        """Whether a covered page asks, and wants JSON."""
        return "application/json" in self.request.headers.get("Accept", "")

    @property
    def held(self) -> str:
        """The cookie this browser brings along: of a session that is live, asleep or waiting."""
        return self.get_cookie(self.serving.cookie) or ""

    @property
    def place(self) -> str:
        return self.request.remote_ip or ""

    @property
    def near(self) -> tuple[str, ...]:
        """What somebody who guesses passphrases here would try first."""
        settings = self.serving.settings
        return (settings.programme_name, settings.controller, "cascade")

    async def let_in(self, person: Person, *, shared: bool, waiting: str = "") -> None:
        """A new session with a cookie of its own; whichever this browser held is over."""
        signing_in = self.records.signing_in
        if self.held:
            await self.work(signing_in.leave, self.held)
        token = await self.work(signing_in.sign_in, person.id, shared=shared, waiting=waiting)
        # A random secret and nothing else; it ends with the browser or with the session.
        self.set_cookie(
            self.serving.cookie,
            token,
            httponly=True,
            samesite="Lax",
            secure=self.serving.https,
            path="/",
        )

    def forget_cookie(self) -> None:
        """The browser keeps nothing of what it was given here."""
        self.clear_cookie(
            self.serving.cookie, path="/", secure=self.serving.https, httponly=True, samesite="Lax"
        )
        self.set_header("Clear-Site-Data", '"cache", "storage"')

    def go_on(self) -> None:
        self.redirect(self.serving.addresses.within(self.get_argument("next", "")))


class SignIn(Door):
    """The sign-in page; the same address answers JSON to a covered page that asks in place."""

    def get(self) -> None:
        if self.in_place:
            signed_in = self.current_user is not None
            self.reply({"person": self.person.id if signed_in else ""})
            return
        if self.current_user is not None:
            self.go_on()
            return
        self._form()

    def _form(self, problem: str = "", status: int = 200) -> None:
        people = []
        if self.serving.settings.demo:
            people = [
                (p, ", ".join(self.serving.role_words(r) for r in sorted(p.roles)))
                for p in self._fictional()
            ]
            order = {"supervisor": 0, "lead": 1, "evaluator": 2, "coach": 3, "leader": 4}
            people.sort(key=lambda x: min(order.get(str(r), 9) for r in x[0].roles))
        self.show(
            "sign-in.html",
            status,
            problem=problem,
            people=people,
            next=self.get_argument("next", self.serving.addresses.base),
            name=self.get_body_argument("name", "") if self.request.method == "POST" else "",
        )

    def _fictional(self) -> list[Person]:
        """Who one can be: anybody, or in a rehearsal those of its cast whom the workbook is for."""
        everybody = self.records.people.all()
        rehearsal = self.serving.rehearsal
        if rehearsal is None:
            return everybody
        cast = [p for p in everybody if p.id in rehearsal.cast]
        workbook = self.serving.shelf.find(rehearsal.workbook)
        return [p for p in cast if workbook and workbook.roles & p.roles] or cast

    async def post(self) -> None:
        try:
            person, waiting = await self._person()
        except WrongPassphrase as error:
            if self.in_place:
                self.reply({"problem": str(error)}, HTTPStatus.UNAUTHORIZED)
            else:
                self._form(str(error), HTTPStatus.UNAUTHORIZED)
            return
        shared = bool(self.get_body_argument("shared", ""))
        await self.let_in(person, shared=shared, waiting=waiting)
        if waiting == SET_UP:
            await self.work(self.records.second_step.begin, person.id)
        if self.in_place:
            self.reply({"waiting": waiting} if waiting else {"person": person.id})
        elif waiting == CODE:
            self.redirect(self.to("sign-in/code", next=self.get_argument("next", "")))
        elif waiting == SET_UP:
            self.redirect(self.to(AUTHENTICATOR))
        else:
            self.go_on()

    async def _person(self) -> tuple[Person, str]:
        """Who this is, and what is still missing."""
        demo = self.serving.settings.demo
        chosen = self.get_body_argument("person", "")
        if chosen and demo:
            return await self.work(self.records.people.by_id, chosen), ""
        person = await self.work(
            self.records.signing_in.verify,
            self.get_body_argument("name", ""),
            self.get_body_argument("passphrase", "", strip=False),
            self.place,
            self.held,
        )
        if await self.work(self.records.second_step.on, person.id):
            return person, CODE
        missing = not demo and await self.work(self.records.second_step.missing, person)
        return person, SET_UP if missing else ""


class SignOut(Door):
    """Ends the session, its tickets and its kernels; back shows nothing."""

    async def post(self) -> None:
        if self.current_user is not None:
            await self.kernel_manager.end_all_of(self.person.id)
        await self.work(self.records.signing_in.leave, self.held)
        self.forget_cookie()
        self.redirect(self.to("sign-in"))


class Leave(Door):
    """``POST /leave``: as signing out, but at once, and to a page that says nothing."""

    async def post(self) -> None:
        left = self.person.id if self.current_user is not None else ""
        await self.work(self.records.signing_in.leave, self.held)
        self.forget_cookie()
        self.redirect(self.to("away"), status=HTTPStatus.SEE_OTHER)
        # The person is gone already: kernels take their time.
        if left:
            await self.kernel_manager.end_all_of(left)


class Away(Page):
    """``/away``: this month, as on any kitchen wall; or on to the programme's ``leave_to``."""

    open_to_all = True

    def get(self) -> None:
        today = self.records.store.now().astimezone(self.serving.settings.zone).date()
        weeks = calendar.Calendar().monthdayscalendar(today.year, today.month)
        self.show("away.html", today=today, weeks=weeks, days=calendar.day_name)


class Accept(Door):
    """An invitation: the code is in the fragment or typed, so it stands in no log."""

    def get(self) -> None:
        self._form()

    def _form(self, problem: str = "", status: int = 200) -> None:
        self.show("invitation.html", status, problem=problem, code="")

    async def post(self) -> None:
        code = self.get_body_argument("code", "")
        passphrase = self.get_body_argument("passphrase", "", strip=False)
        try:
            if passphrase != self.get_body_argument("again", "", strip=False):
                raise NotPossible("The two passphrases differ. Write the same one twice.")
            accept = self.records.signing_in.accept
            person = await self.work(accept, code, passphrase, *self.near)
        except (WrongPassphrase, NotPossible) as error:
            self.show("invitation.html", HTTPStatus.BAD_REQUEST, problem=str(error), code=code)
            return
        await self.let_in(person, shared=bool(self.get_body_argument("shared", "")))
        demo = self.serving.settings.demo
        if not demo and await self.work(self.records.second_step.missing, person):
            # At their first sign-in they may still say "later"; see ``second_step``.
            await self.work(self.records.second_step.begin, person.id)
            self.redirect(self.to(AUTHENTICATOR))
        else:
            self.redirect(self.to())
