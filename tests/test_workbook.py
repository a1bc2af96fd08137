"""The door for notebooks: previews, served pages, and the pictures drawn in them."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from cascade_tools.errors import NotNow, WorkbookFault
from cascade_tools.widgets.picture import PictureView
from cascade_tools.workbook import open_workbook

ROOT = Path(__file__).resolve().parent.parent
OPENING = (
    "from cascade_tools.workbook import open_workbook\n"
    'ask, show, answers = open_workbook("coach/after-i-coach")'
)
IDEAS = ("ideas", "Who came up with the ideas?")


class Records:
    """A small real server that answers as the records do, on a loopback port."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.sittings: list[dict[str, Any]] = []
        self.open = True
        records = self

        class Face(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mine = self.headers["Authorization"] == "Bearer a-ticket"
                self.send_response(200 if mine and records.open else 404)
                self.end_headers()
                lines = {
                    "/answers": [records.answers],
                    "/sittings": records.sittings,
                    "/me": [{"planned": 6}],
                }[self.path]
                body = "".join(json.dumps(line) + "\n" for line in lines) + "end\n"
                self.wfile.write(body.encode())

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Face)
        self.address = f"127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def saved(self, **answers: Any) -> None:
        self.answers = {key.replace("_", "-"): value for key, value in answers.items()}
        sitting = {"session": 2, "planned": 6, "answers": self.answers, "current": True}
        self.sittings = [sitting]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    """The environment of a served page's kernel, and the records behind its ticket."""
    served = Records()
    monkeypatch.setenv("CASCADE_RECORDS", served.address)
    monkeypatch.setenv("CASCADE_TICKET", "a-ticket")
    yield served
    served.stop()


@pytest.fixture
def preview(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of JupyterLab: no ticket."""
    monkeypatch.delenv("CASCADE_RECORDS", raising=False)
    monkeypatch.delenv("CASCADE_TICKET", raising=False)


def run(*cells: str, **client: Any) -> Any:
    """The notebook after a real kernel ran these cells, with the state of its widgets."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(ROOT)}}
    return NotebookClient(
        notebook, kernel_name="python3", timeout=60, resources=resources, **client
    ).execute()


def widget_states(notebook: Any) -> dict[str, dict[str, Any]]:
    kept = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    return {name: widget["state"] for name, widget in kept.items()}


def test_importing_the_door_loads_no_tables_no_database_and_no_widgets() -> None:
    """Kernels start fast: what a page does not need is not loaded."""
    lines = (
        "import sys, cascade_tools, cascade_tools.workbook",
        "heavy = {'pandas', 'numpy', 'sqlalchemy', 'ipywidgets', 'anywidget', 'nbformat',"
        " 'nbclient', 'jinja2', 'tornado'}",
        "print(sorted(heavy & set(sys.modules)))",
    )
    found = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_a_preview_shows_every_control_saves_nothing_and_says_so_once(preview: None) -> None:
    """In a real kernel outside the server, the notebook runs through, with empty answers."""
    notebook = run(
        OPENING,
        'ask.long("what-happened", "What <b>happened</b>?", hint="Five lines.")',
        'ask.long("what-happened", "What <b>happened</b>?", hint="Five lines.")',
        'ask.choice("whom", "Which sheet?", choices_from="my.sheets")',
        'ask.scale("ideas", "Who came up with the ideas?", words="thinking/D1")',
        'ask.order("steps", "What first?", {"look": "Look <there>", "ask": "Ask"})',
        'ask.classify("sides", "Which?", statements_from="leading-or-helping")',
        "show.thinking()",
        'answers["what-happened"], answers.get("ideas"), answers.get("ideas", 0), answers',
        "import sys\nsorted({'pandas', 'sqlalchemy'} & set(sys.modules))",
    )
    opening, *_, values, heavy = notebook.cells
    texts = [o.text for c in notebook.cells for o in c.outputs if o.output_type == "stream"]
    assert texts == ["Preview: nothing is saved.\n"]
    assert opening.outputs[0].output_type == "stream"
    shown = [c.outputs[0].data["text/plain"] for c in notebook.cells[1:8]]
    assert shown == [
        "PromptView(what-happened)",
        "PromptView(what-happened)",
        "PromptView(whom)",
        "PromptView(ideas)",
        "PromptView(steps)",
        "PromptView(sides)",
        "PictureView(thinking)",
    ]
    states = widget_states(notebook)
    view = "application/vnd.jupyter.widget-view+json"
    html = [states[c.outputs[0].data[view]["model_id"]]["html"] for c in notebook.cells[1:8]]
    assert "What &lt;b&gt;happened&lt;/b&gt;?" in html[0]
    assert "<textarea" in html[0]
    assert "the served page fills this list" in html[2]
    assert "Nearly all me" in html[3]
    assert "Did not come up" in html[3]
    assert 'inputmode="numeric"' in html[4] and "Look &lt;there&gt;" in html[4]
    assert html[5].count("<fieldset") == 13 and "How we hear them" in html[5]
    assert "Who is doing the thinking?" in html[6]
    assert (
        values.outputs[0].data["text/plain"] == "(None, None, 0, <answers of coach/after-i-coach>)"
    )
    assert heavy.outputs[0].data["text/plain"] == "[]"


@pytest.mark.parametrize("name", ["thinking", "balance", "iceberg"])
def test_every_picture_can_be_drawn_from_nothing(preview: None, name: str) -> None:
    """A preview shows each picture as it is before the first answer."""
    _, show, _ = open_workbook("leader/going-below-the-surface")
    view = getattr(show, name)()
    assert repr(view) == f"PictureView({name})"
    assert "<h" in view.html
    assert not view.stale


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('ask.txt("a", "A?")', 'Did you mean "text"?'),
        ('ask.text("A b", "A?")', 'such as "a-b"'),
        ('ask.text("a", "A?", hnit="x")', 'Did you mean "hint"?'),
        ('ask.text("a", "A?", "hint")', "such as hint=."),
        ('ask.choice("a", "A?", ["x"])', "The choices are a list."),
        ('ask.scale("a", "Whose?", words="thinking/D1")', 'Write: "Who came up with the ideas?"'),
        ("show.thinkng()", 'Did you mean "thinking"?'),
    ],
)
def test_an_authors_mistake_raises_with_the_fix(preview: None, line: str, words: str) -> None:
    """The line itself says what ``check`` would say of it."""
    ask, show, _ = open_workbook("coach/after-i-coach")
    with pytest.raises(WorkbookFault) as raised:
        eval(line, {"ask": ask, "show": show})  # noqa: S307  (our own lines)
    assert words in str(raised.value)


def test_a_workbook_needs_its_id(preview: None) -> None:
    """The opening cell names the workbook's folder and name."""
    with pytest.raises(WorkbookFault, match="Write its folder and name"):
        open_workbook("after-i-coach")


def test_the_signature_of_ask_is_what_authors_see(preview: None) -> None:
    """Shift-Tab in JupyterLab shows how the line is written."""
    import inspect

    ask, _, _ = open_workbook("coach/after-i-coach")
    assert str(inspect.signature(ask.text)).startswith("(key: str, question: str, /, *, hint: str")


def test_an_unknown_key_says_what_was_meant(preview: None) -> None:
    """A key of the file is known before its cell has run; any other is a mistake, not None."""
    ask, _, answers = open_workbook("coach/after-i-coach")
    assert answers["what-happened"] is None
    with pytest.raises(KeyError, match='Did you mean "what-happened"'):
        answers["what-hapened"]
    with pytest.raises(KeyError, match="No question has the key"):
        answers.get("nothing-like-it", "x")
    ask.text("brand-new", "New?")
    assert answers["brand-new"] is None


def test_served_an_ask_shows_nothing_and_answers_come_by_ticket(
    records: Records, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page has the question already; the kernel only reads, and anew each time."""
    ask, _, answers = open_workbook("coach/after-i-coach")
    assert ask.scale(*IDEAS, words="thinking/D1") is None
    assert answers["ideas"] is None
    records.saved(ideas=0)
    assert answers["ideas"] == 0
    assert answers.get("ideas", 3) == 0
    assert capsys.readouterr().out == ""
    with pytest.raises(WorkbookFault):
        ask.text("Not a key", "?")


def test_served_a_picture_shows_what_is_saved_and_follows(records: Records) -> None:
    """After a save the page pokes, and the picture is drawn again from the records."""
    records.saved(ideas=4, rescue=3, their_work=4, ending=2)
    _, show, _ = open_workbook("coach/after-i-coach")
    view = show.thinking()
    assert "Nearly all me" in view.html
    records.saved(ideas=0, rescue=3, their_work=4, ending=2)
    before = view.drawn
    view.set_state({"poke": 1})
    assert "Nearly all me" not in view.html
    assert view.drawn > before


def test_when_the_records_are_out_of_reach_the_last_picture_stays(records: Records) -> None:
    """A picture nobody can redraw stays as it was, with its time, and says that it is old."""
    records.saved(ideas=4, rescue=3, their_work=4, ending=2)
    _, show, _ = open_workbook("coach/after-i-coach")
    view = show.thinking()
    html, drawn = view.html, view.drawn
    records.open = False
    view.set_state({"poke": 1})
    assert (view.html, view.drawn, view.stale) == (html, drawn, True)
    records.open = True
    view.set_state({"poke": 2})
    assert (view.stale, view.html) == (False, html)
    assert view.drawn > drawn


def test_a_picture_that_was_never_drawn_says_so(records: Records) -> None:
    """Records that are down when the page opens stop no cell."""
    records.open = False
    _, show, _ = open_workbook("coach/after-i-coach")
    view = show.iceberg()
    assert (view.html, view.drawn, view.stale) == ("", "", True)


def test_nothing_a_page_writes_is_believed_or_echoed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may say that something was saved; any other trait it sends is dropped."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(
        PictureView, "_send", lambda _self, message, buffers=None: sent.append(message)
    )
    view = PictureView("thinking", lambda: "<p>drawn</p>")
    script = view._esm
    sent.clear()
    evil = "<img src=x onerror=alert(1)>"
    view.set_state({"html": evil, "_esm": evil, "drawn": evil, "stale": True, "poke": "many"})
    assert sent == []
    view.set_state({"html": evil, "poke": 5})
    assert (view.html, view._esm, view.stale) == ("<p>drawn</p>", script, False)
    assert evil not in json.dumps(sent)


def test_pokes_that_queue_up_are_drawn_together() -> None:
    """Ten saves while the kernel was busy cost one drawing, and none is missed afterwards."""
    drawn: list[int] = []
    again = asyncio.Event()

    def draw() -> str:
        drawn.append(len(drawn))
        again.set()
        return f"<p>{len(drawn)}</p>"

    async def ten_and_one() -> None:
        view = PictureView("thinking", draw)
        for first in (0, 10):
            again.clear()
            for poke in range(first + 1, first + 11):
                view.set_state({"poke": poke})
            await again.wait()

    asyncio.run(asyncio.wait_for(ten_and_one(), timeout=30))
    assert len(drawn) == 3


def test_an_unforeseen_mistake_in_drawing_is_not_hidden() -> None:
    """Only records out of reach leave the old picture standing; a bug shows itself."""
    with pytest.raises(ZeroDivisionError):
        PictureView("thinking", lambda: str(1 / 0))

    def out_of_reach() -> str:
        raise NotNow("Try again.")

    assert PictureView("thinking", out_of_reach).stale
