"""``/workbooks/<path>/feedback``: two questions at the end of every workbook, without a name."""

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.workbook import Workbook
from cascade_tools.server.base import Page

USEFUL = {"yes": "Yes", "partly": "Partly", "no": "No"}
MOST_CHARACTERS = 5_000
TIMES_AN_HOUR = 20


class Feedback(Page):
    """Posting gives it to the programme; nothing says who it came from.

    A workbook that is open to everybody takes it from everybody, though not without end.
    """

    open_to_all = True

    async def prepare(self) -> None:
        await super().prepare()
        if not self._finished and self.current_user is None and not self._workbook().public:
            self._ask_to_sign_in()

    def _workbook(self) -> Workbook:
        workbook = self.serving.shelf.get(self.path_args[0])
        known = self.person.roles if self.current_user is not None else workbook.roles
        if not workbook.public and not workbook.roles & known:
            raise NotFound("There is nothing here for you.")
        return workbook

    def get(self, workbook_id: str) -> None:
        self._workbook()
        back = self.serving.addresses.within(self.get_argument("back", ""))
        self.show("thanks.html", back=back)

    async def post(self, workbook_id: str) -> None:
        workbook = self._workbook()
        useful = self.get_body_argument("useful", "")
        words = self.get_body_argument("change", "").replace("\r\n", "\n")
        if useful not in ("", *USEFUL):
            raise NotPossible("Choose one of the answers on the page. Go back and try again.")
        if len(words) > MOST_CHARACTERS:
            raise NotPossible(
                f"Go back and make it shorter. It can hold {MOST_CHARACTERS:,} characters."
            )
        if not useful and not words.strip():
            raise NotPossible("Choose an answer or write something first. Go back and try again.")
        await self.work(self._give, workbook, useful, words)
        back = self.get_body_argument("back", "" if not workbook.public else self.to("interest"))
        self.redirect(self.to(f"workbooks/{workbook.id}/feedback", back=back))

    def _give(self, workbook: Workbook, useful: str, words: str) -> None:
        place = self.request.remote_ip or ""
        allow = self.records.signing_in.allow
        if self.current_user is None and not allow("feedback", place, TIMES_AN_HOUR):
            raise NotPossible("Much has come from where you are in the last hour. Try again later.")
        self.records.feedback.give(workbook.id, useful, words)
