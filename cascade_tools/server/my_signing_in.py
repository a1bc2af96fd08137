"""``/me/signing-in``: where I am signed in, my passphrase, my authenticator app, my tickets."""

from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.server.signing_in import Door

TICKET_HOURS = 1


class MySigningIn(Door):
    """One page for everything about coming in; each thing on it is one small form."""

    open_to_all = False

    async def get(self) -> None:
        await self._form()

    async def _form(self, problem: str = "", ticket: str = "") -> None:
        has = await self.work(self.records.second_step.on, self.person.id)
        browsers = await self.work(self.records.signing_in.sign_ins, self.person.id)
        self.show(
            "my-signing-in.html",
            400 if problem else 200,
            problem=problem,
            ticket=ticket,
            here=self.signed_in.id,
            has=has,
            browsers=browsers,
        )

    async def post(self) -> None:
        signing_in = self.records.signing_in
        match self.get_body_argument("do", ""):
            case "end":
                one = self.get_body_argument("browser", "")
                await self.work(signing_in.sign_out_one, self.person.id, one)
            case "everywhere":
                await self.kernel_manager.end_all_of(self.person.id)
                await self.work(signing_in.sign_out_everywhere, self.person.id)
            case "passphrase":
                try:
                    await self.work(self._change_passphrase)
                except (NotPossible, WrongPassphrase) as error:
                    await self._form(str(error))
                    return
            case "ticket":
                make = signing_in.ticket
                ticket = await self.work(make, self.person.id, None, None, TICKET_HOURS)
                await self._form(ticket=ticket)
                return
        self.redirect(self.to("me/signing-in"))

    def _change_passphrase(self) -> None:
        signing_in = self.records.signing_in
        now = self.get_body_argument("now", "", strip=False)
        signing_in.verify(self.person.name, now, self.place, self.held)
        new = self.get_body_argument("new", "", strip=False)
        signing_in.change(self.person.id, new, *self.near)
