"""``/workbooks/<path>/plain``: the workbook on paper, for whoever may open it on the screen."""

from cascade_tools.draw.paper import paper_html, paper_style
from cascade_tools.errors import NotFound
from cascade_tools.server.base import Page


class PlainPage(Page):
    """The paper of one workbook.  One that is public is there for anybody."""

    open_to_all = True

    async def get(self, workbook_id: str) -> None:
        workbook = self.serving.shelf.find(workbook_id)
        if workbook is None or not workbook.public:
            if self.current_user is None:
                self._ask_to_sign_in()
                return
            if workbook is None or not workbook.roles & self.person.roles:
                raise NotFound("There is nothing here for you.")
        style = paper_style()
        page = paper_html(workbook, style=style, programme=self.serving.settings)
        self.show_paper(page, style)
