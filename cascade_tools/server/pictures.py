"""Starting a kernel for a page that thinks, and the pages' goodbye to it."""

from copy import deepcopy
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from nbformat import NotebookNode
from tornado import web
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from cascade_tools.errors import NotFound
from cascade_tools.model.workbook import Drawing, Thought, Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.crowd import Crowded
from cascade_tools.server.rendering import ReadOnce, page_head

# After about this long there may be room again.
ROOM_SECONDS = 20


def what_thinks(handler: "Pictures", notebook: NotebookNode, cwd: str) -> NotebookNode:
    """The cells that think, after one that opens the workbook and asks all its questions.

    The page shows words, questions and lists already; asked here, a question only becomes known
    to the cells that think.  Each cell is a journey to the kernel and back, so they go together.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    thinks = {
        part.cell_id
        for page in handler.workbook.pages
        for part in page.parts
        if isinstance(part, Drawing | Thought)
    }
    first, *rest = code
    asked = [first, *(cell for cell in rest if cell.id not in thinks)]
    # IPython looks at each sign of a cell, twice, for words of its own, which takes as long as
    # drawing.  Here are none: the shelf knows all of it, down to the last question.
    source = "\n\n".join(cell.source for cell in asked)
    opening = NotebookNode(first, source=f"exec({source!r})")
    metadata = deepcopy(notebook.metadata)
    # Voila tells a Python kernel its own number, in one journey more; no workbook asks for it.
    metadata.kernelspec["language"] = ""
    cells = [deepcopy(cell) for cell in (opening, *rest) if cell is opening or cell.id in thinks]
    return NotebookNode(notebook, metadata=metadata, cells=cells)


class Pictures(Page, TornadoVoilaHandler):  # type: ignore[misc]
    """``POST /entries/<id>/pictures``: Voila runs the notebook for this person and this page.

    The reply is what Voila's script needs: its configuration and the outputs of the cells.
    """

    # It keeps nothing.
    before_yes = True
    entry_id: str | None = None
    workbook: Workbook
    gone = False

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self.gone = True

    def get(self, *args: str) -> None:
        raise web.HTTPError(405)

    async def post(self, entry_id: str) -> None:
        if not await self._same_person():
            return
        entry = await self.work(self.records.entries.get, self.person.id, entry_id)
        if entry.person_id != self.person.id:
            raise NotFound("There is nothing here for you.")
        self.entry_id = entry.id
        await self.run(self.serving.shelf.get(entry.workbook))

    async def _same_person(self) -> bool:
        if self.request.headers.get("X-Cascade-Person", "") == self.person.id:
            return True
        self.send_error(401)
        return False

    async def run(self, workbook: Workbook) -> None:
        self.workbook = workbook
        path = self.serving.shelf.path(workbook.id)
        # The notebook's own folder, so that kit and local workbooks are served alike.
        self._contents = ReadOnce(root_dir=str(path.parent), log=self.log)
        self.notebook_path = path.name
        queue = self.kernel_manager.queue
        try:
            await queue.enter(self)
        except Crowded:
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
            self.set_header("Retry-After", str(ROOM_SECONDS))
            self.finish()
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if not workbook.only_draws:
            # Voila's script can be on its way while the page waits for its turn.
            self.write(page_head(self))
            await self.flush()
        async with queue.turn(self):
            if self.gone:  # while they waited
                return
            async for html in self.get_generator(path=None):
                self.write(html)

    @property
    def contents_manager(self) -> ReadOnce:
        return self._contents


class DeskPictures(Pictures):
    """``POST /workbooks/<path>/pictures``: a desk has no entry; its ticket reads what is shared."""

    async def post(self, workbook_id: str) -> None:
        if not await self._same_person():
            return
        workbook = self.serving.shelf.get(workbook_id)
        if not workbook.desk or not workbook.roles & self.person.roles:
            raise NotFound("There is nothing here for you.")
        await self.run(workbook)


class Line(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """``/api/kernels/<id>/channels``: the web socket between a page and its kernel."""

    def get_websocket_protocol(self) -> Any:
        protocol = super().get_websocket_protocol()
        if protocol is not None:
            # Jupyter asks each line every 30,000 ms whether it is still there.  tornado reads the
            # same number as seconds: it would warn, and keep what a line held for hours after.
            protocol.params.ping_interval = protocol.params.ping_timeout = None
        return protocol

    def on_close(self) -> None:
        super().on_close()
        if self.ping_callback is not None:
            self.ping_callback.stop()


class Goodbye(APIHandler):  # type: ignore[misc]
    """``POST /api/kernels/<id>/goodbye``: the page was left; its kernel may end soon."""

    auth_resource = "kernels"

    @web.authenticated  # type: ignore[untyped-decorator]
    @authorized("write")  # type: ignore[untyped-decorator]
    async def post(self, kernel_id: str) -> None:
        self.kernel_manager.leaving(kernel_id)
        self.set_status(204)
        self.finish()
