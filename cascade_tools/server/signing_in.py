"""Sign in, sign out, and the one-time link to choose a passphrase."""

from http import HTTPStatus

from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.server.base import Page


class Door(Page):
    """Pages for people who are not signed in yet."""

    open_to_all = True

    def give_cookie(self, token: str) -> None:
        """A random secret and nothing else; it ends with the browser or with the session."""
        self.set_cookie(
            self.serving.cookie,
            token,
            httponly=True,
            samesite="Lax",
            secure=self.serving.https,
            path="/",
        )


class SignIn(Door):
    """The sign-in page; the same address answers JSON to a covered page that asks in place."""

    def get(self) -> None:
        if self.current_user is not None:
            self.redirect(self.serving.addresses.within(self.get_argument("next", "")))
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
        in_place = "application/json" in self.request.headers.get("Accept", "")
        try:
            person = await self._person()
        except WrongPassphrase as error:
            if in_place:
                self.reply({"problem": str(error)}, HTTPStatus.UNAUTHORIZED)
            else:
                self._form(str(error), HTTPStatus.UNAUTHORIZED)
            return
        if self.current_user is not None:
            await self.work(self.records.signing_in.sign_out, self.signed_in.id)
        token = await self.work(self.records.signing_in.sign_in, person.id)
        self.give_cookie(token)
        if in_place:
            self.reply({"person": person.id})
        else:
            self.redirect(self.serving.addresses.within(self.get_argument("next", "")))

    async def _person(self) -> Person:
        chosen = self.get_body_argument("person", "")
        if chosen and self.serving.settings.demo:
            return await self.work(self.records.people.by_id, chosen)
        return await self.work(
            self.records.signing_in.verify,
            self.get_body_argument("name", ""),
            self.get_body_argument("passphrase", "", strip=False),
            self.request.remote_ip or "",
        )


class SignOut(Page):
    """Ends the session, its tickets and its kernels; back shows nothing."""

    open_to_all = True

    async def post(self) -> None:
        if self.current_user is not None:
            await self.kernel_manager.end_all_of(self.person.id)
            await self.work(self.records.signing_in.sign_out, self.signed_in.id)
        self.clear_cookie(
            self.serving.cookie, path="/", secure=self.serving.https, httponly=True, samesite="Lax"
        )
        self.set_header("Clear-Site-Data", '"cache", "storage"')
        self.redirect(self.to("sign-in"))


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
            person = await self.work(self.records.signing_in.accept, code, passphrase)
        except (WrongPassphrase, NotPossible) as error:
            self.show("invitation.html", HTTPStatus.BAD_REQUEST, problem=str(error), code=code)
            return
        token = await self.work(self.records.signing_in.sign_in, person.id)
        self.give_cookie(token)
        self.redirect(self.to())
