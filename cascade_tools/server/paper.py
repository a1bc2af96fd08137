"""``/workbooks/<path>/plain``: the workbook on paper, for whoever may open it on the screen."""

import base64
import hashlib
from functools import cache

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
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", _policy())
        self.finish(paper_html(workbook, style=paper_style(), programme=self.serving.settings))


@cache
def _policy() -> str:
    """Nothing may be loaded, sent or run; the page's own style counts, and no other."""
    digest = base64.b64encode(hashlib.sha256(paper_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
