"""A supervisor's overview, and how a page that is open notices what has ended."""

from markupsafe import Markup

from cascade_tools.draw.overview import overview_html
from cascade_tools.errors import NotFound
from cascade_tools.model.caseload import EVERYONE
from cascade_tools.model.people import Role
from cascade_tools.server.base import Page

OVERVIEW = "supervisor/my-overview"


def overview(page: Page) -> Markup:
    """The coaches this person holds, asked of the gate again each time.

    What is shown stands in the address as a code, ``?show=``, and never as a name.
    """
    serving = page.serving

    def here(show: str) -> str:
        asked = {} if show == EVERYONE else {"show": show}
        return page.to(f"workbooks/{OVERVIEW}", **asked)

    caseload = page.records.desk(page.person, "page", title_of=serving.title_of).caseload()
    return overview_html(
        caseload,
        page.get_argument("show", EVERYONE),
        page.records.store.now().astimezone(serving.settings.zone).date(),
        serving.day,
        page.to,
        here,
    )


class Standing(Page):
    """``GET /coaches/still``: the ids of the coaches a supervisor holds and of what is shared
    with them, for pages already open: whatever is not named any more goes from them.

    Nothing is opened, no line is written, and no session is kept open by it.
    """

    answers_json = True
    asks_by_itself = True

    async def get(self) -> None:
        if not self.has(Role.SUPERVISOR):
            raise NotFound("There is nothing here for you.")
        standing = await self.work(self.records.desk(self.person, "page").standing)
        self.reply({"standing": sorted(standing)})
