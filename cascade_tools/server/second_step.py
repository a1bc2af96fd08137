"""The authenticator app: its code at the door, and the page where it is set up and taken off.

Whoever supervises or leads needs one in a real programme.  With the one-time link they are led to
it and may say "later"; a sign-in by passphrase without one is then only good for setting it up.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

import segno
from markupsafe import Markup

from cascade_tools.errors import NotPossible, SignedOut, WrongPassphrase
from cascade_tools.model.people import Person
from cascade_tools.records.second_step import REQUIRED_OF, Secret
from cascade_tools.records.sessions import CODE, SET_UP, Waiting
from cascade_tools.server.lines import Line
from cascade_tools.server.serving import Serving
from cascade_tools.server.signing_in import AUTHENTICATOR, Door

# So soon after signing in, nobody is asked for the passphrase again.
FRESH = timedelta(minutes=10)
FEW_CODES = 3


def authenticator_lines(serving: Serving, person: Person) -> list[Line]:
    """Whoever needs an app and has none, and whoever has few codes on paper left, is told."""
    if serving.settings.demo:
        return []
    there = serving.addresses.to(AUTHENTICATOR)
    has = serving.records.second_step.on(person.id)
    if has is None and person.roles & REQUIRED_OF:
        words = "Set up an authenticator app now. You need it when you next sign in."
        return [Line(words, there, "Set it up")]
    if has is not None and has.codes_left < FEW_CODES:
        return [Line("Your recovery codes are nearly used up.", there, "Make new ones")]
    return []


class Code(Door):
    """``/sign-in/code``: the second half of signing in; a covered page is answered in JSON."""

    async def _waiting(self) -> Waiting | None:
        try:
            waiting = await self.work(self.records.signing_in.waiting, self.held)
        except SignedOut:
            return None
        return waiting if waiting.what == CODE else None

    async def get(self) -> None:
        if await self._waiting() is None:
            self.redirect(self.to("sign-in", next=self.get_argument("next", "")))
        else:
            self._form()

    def _form(self, problem: str = "", status: int = 200) -> None:
        next_ = self.get_argument("next", self.serving.addresses.base)
        self.show("sign-in-code.html", status, problem=problem, next=next_)

    async def post(self) -> None:
        waiting = await self._waiting()
        if waiting is None:
            if self.in_place:
                sentence = "That took too long. Write your passphrase again."
                self.reply({"problem": sentence, "again": True}, HTTPStatus.UNAUTHORIZED)
            else:
                self.redirect(self.to("sign-in", next=self.get_argument("next", "")))
            return
        try:
            code = self.get_body_argument("code", "")
            check = self.records.second_step.check
            await self.work(check, waiting.person.id, waiting.id, code)
        except WrongPassphrase as error:
            if self.in_place:
                self.reply({"problem": str(error)}, HTTPStatus.UNAUTHORIZED)
            else:
                self._form(str(error), HTTPStatus.UNAUTHORIZED)
            return
        await self.let_in(waiting.person, shared=waiting.shared)
        if self.in_place:
            self.reply({"person": waiting.person.id})
        else:
            self.go_on()


@dataclass(frozen=True, slots=True)
class Here:
    """Who is at the page of the app: signed in, or with a session that is good for nothing else."""

    person: Person
    sign_in_id: str
    shared: bool
    signed_in: bool
    fresh: bool


class Authenticator(Door):
    """``/me/signing-in/app``: set it up, make new recovery codes, turn it off."""

    async def _here(self) -> Here | None:
        if self.current_user is not None:
            me, lasts = self.signed_in, self.records.store.now() - self.signed_in.started_at
            return Here(me.person, me.id, me.shared, True, lasts < FRESH)
        try:
            waiting = await self.work(self.records.signing_in.waiting, self.held)
        except SignedOut:
            return None
        if waiting.what != SET_UP:
            return None
        return Here(waiting.person, waiting.id, waiting.shared, False, True)

    async def get(self) -> None:
        here = await self._here()
        if here is None:
            self.redirect(self.to("sign-in", next=self.to(AUTHENTICATOR)))
        else:
            await self._form(here)

    async def _form(self, here: Here, problem: str = "", at: str = "code") -> None:
        second_step = self.records.second_step
        secret = await self.work(second_step.begun, here.person.id)
        self.show(
            "authenticator.html",
            HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
            problem=problem,
            at=at,
            here=here,
            has=await self.work(second_step.on, here.person.id),
            secret=secret,
            qr=self._drawn(secret, here.person) if secret else "",
            address=secret.address(self.serving.settings.programme_name, here.person.name)
            if secret
            else "",
            required=not self.serving.settings.demo and bool(here.person.roles & REQUIRED_OF),
        )

    def _drawn(self, secret: Secret, person: Person) -> Markup:
        """The address as a drawing that needs nothing from anywhere."""
        drawn = io.BytesIO()
        address = secret.address(self.serving.settings.programme_name, person.name)
        segno.make(address, error="m", micro=False).save(
            drawn, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, nl=False,
            svgclass=None, lineclass=None, dark="#000", light="#fff", omitsize=False,
        )  # fmt: skip
        return Markup(drawn.getvalue().decode())  # noqa: S704 - segno writes paths only

    async def post(self) -> None:
        here = await self._here()
        if here is None:
            self.redirect(self.to("sign-in", next=self.to(AUTHENTICATOR)))
            return
        do = self.get_body_argument("do", "")
        try:
            await self._do(do, here)
        except (WrongPassphrase, NotPossible) as error:
            await self._form(here, str(error), "now" if do == "begin" else f"code-{do}")

    async def _do(self, do: str, here: Here) -> None:
        second_step, code = self.records.second_step, self.get_body_argument("code", "")
        match do:
            case "begin":
                if not here.fresh:
                    await self._same_person(here)
                await self.work(second_step.begin, here.person.id)
            case "confirm":
                codes = await self.work(second_step.confirm, here.person.id, here.sign_in_id, code)
                if not here.signed_in:
                    await self.let_in(here.person, shared=here.shared)
                self.show("recovery-codes.html", codes=codes, first=not here.signed_in)
                return
            case "codes":
                await self.work(second_step.check, here.person.id, here.sign_in_id, code)
                codes = await self.work(second_step.new_codes, here.person.id)
                self.show("recovery-codes.html", codes=codes, first=False)
                return
            case "off":
                await self.work(second_step.check, here.person.id, here.sign_in_id, code)
                await self.work(second_step.turn_off, here.person.id)
        self.redirect(self.to(AUTHENTICATOR))

    async def _same_person(self, here: Here) -> None:
        """Nobody who finds a page open puts an app of their own on it."""
        await self.work(
            self.records.signing_in.verify,
            here.person.name,
            self.get_body_argument("now", "", strip=False),
            self.place,
            self.held,
        )
