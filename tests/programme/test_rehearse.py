"""``cascade rehearse``: a real server for one workbook, what its author sees, and what is left."""

import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from cascade_tools import shelf
from cascade_tools.cli import answer
from cascade_tools.errors import WorkbookFault
from cascade_tools.model.people import Role
from cascade_tools.programme import rehearsing
from tests.living import ROOT

SHEET = "coach/after-a-visit"


class Author:
    """An author at a browser: what the command said, and one page after another."""

    def __init__(self, folder: Path, aside: Path, wanted: str = SHEET) -> None:
        aside.mkdir()
        self.aside = aside
        command = [sys.executable, "-m", "cascade_tools", "rehearse", wanted]
        command += ["--folder", str(folder), "--port", "0", "--no-browser"]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(aside)},
        )
        self.said = ""
        for line in self.process.stdout or ():
            self.said += line
            if line.startswith("Stop it"):
                break
        found = re.search(r"http://127\.0\.0\.1:\d+/\S*", self.said)
        assert found is not None, self.said
        self.start = found.group()
        self.base = self.start.split("/workbooks/")[0]
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def get(self, address: str, data: dict[str, str] | None = None) -> str:
        """The page there, whatever its status, after redirects."""
        body = urllib.parse.urlencode(data).encode() if data else None
        try:
            with self.opener.open(address, body, timeout=60) as reply:
                self.at = reply.geturl()
                return str(reply.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def press(self, page: str, name: str, value: str, action: str, **more: str) -> str:
        """Press a button of a form on this page."""
        (token, *_) = re.findall(r'name="_xsrf" value="([^"]+)"', page)
        return self.get(self.base + action, {"_xsrf": token, name: value, **more})

    def stop(self) -> str:
        os.kill(self.process.pid, signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=60)
        return rest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of workbooks with one new one in it."""
    shelf.new(tmp_path / "workbooks", SHEET, "After a visit")
    return tmp_path / "workbooks"


@pytest.fixture
def author(folder: Path, tmp_path: Path) -> Iterator[Author]:
    author = Author(folder, tmp_path / "aside")
    yield author
    if author.process.poll() is None:
        author.stop()


def test_an_author_meets_the_workbook_mends_it_and_leaves_nothing(
    author: Author, folder: Path
) -> None:
    """One press to be somebody it is for; a changed file is read again; a fault is named with its
    cell and its fix; and when it stops, the programme is gone."""
    assert "Nothing to mend." in author.said
    assert author.start.endswith(f"/workbooks/{SHEET}")
    assert list(author.aside.glob("cascade-rehearsal-*"))

    door = author.get(author.start)
    people = re.findall(r'name="person" value="(\w+)" class="person">Continue as ([^<]+) <', door)
    assert len(people) == 1  # it is for coaches, and one is enough
    assert "(coach)" in door and "Everybody else" not in door
    start = author.press(door, "person", people[0][0], "/sign-in", next=f"/workbooks/{SHEET}")
    assert "<h1>After a visit</h1>" in start and "A rehearsal" in start
    entry = author.press(start, "go", "start", f"/workbooks/{SHEET}")
    address = author.at
    assert "What happened, in five lines?" in entry

    path = folder / f"{SHEET}.ipynb"
    words = path.read_text("utf-8")
    path.write_text(words.replace("What happened, in five lines?", "What moved?"), "utf-8")
    assert "What moved?" in author.get(address)
    path.write_text(words.replace("ask.choice(", "ask.choose("), "utf-8")
    for place in (author.start, address):
        page = author.get(place)
        assert "This workbook has something to mend" in page
        assert "after-a-visit.ipynb, cell 6: There is no ask.choose. Did you mean" in page
    path.write_text(words, "utf-8")
    assert "What happened, in five lines?" in author.get(address)
    assert "<h1>Hello" in author.get(f"{author.base}/")

    assert "Nothing was kept." in author.stop()
    assert author.process.returncode == 0
    assert list(author.aside.glob("cascade-rehearsal-*")) == []


def test_what_there_is_to_mend_is_said_before_it_is_served(folder: Path, tmp_path: Path) -> None:
    """File, cell and fix on the command line, and on the page; anybody in the cast may look."""
    path = folder / f"{SHEET}.ipynb"
    path.write_text(path.read_text("utf-8").replace(r"\"yes\": ", r"\"Yes\": "), "utf-8")
    author = Author(folder, tmp_path / "aside")
    try:
        assert 'To mend: coach/after-a-visit.ipynb, cell 6: "Yes" cannot be the code' in author.said
        door = author.get(author.start)
        person = re.findall(r'name="person" value="(\w+)"', door)[0]
        page = author.press(door, "person", person, "/sign-in", next=f"/workbooks/{SHEET}")
        assert "This workbook has something to mend" in page and 'such as "yes"' in page.replace(
            "&#34;", '"'
        )
    finally:
        author.stop()


def test_a_file_can_be_named_and_one_of_the_kit(folder: Path) -> None:
    """By its path, by its id in the folder, or by the id of a workbook of the kit."""
    path = folder / f"{SHEET}.ipynb"
    for wanted, found in (
        (str(path), path),
        (SHEET, path),
        ("everyone/welcome", ROOT / "workbooks" / "everyone" / "welcome.ipynb"),
    ):
        with rehearsing(wanted, folder) as made:
            assert (made.path, made.faults) == (found, [])
            assert made.settings.demo and made.shelf.get(made.id)
            place = Path(str(made.records.store.database.engine.url.database)).parent
            assert place.is_dir()
        assert not place.exists()


def test_everybody_a_workbook_can_be_for_is_in_the_cast(folder: Path) -> None:
    """A coach, their own leader and their own supervisor, and one for every other role."""
    with rehearsing(SHEET, folder) as made:
        people = made.records.people
        cast = [people.by_id(person) for person in made.cast]
        assert {role for person in cast for role in person.roles} == set(Role)
        coach = next(p for p in cast if Role.COACH in p.roles)
        supervisor = people.supervisor_of(coach.id)
        assert supervisor in cast
        assert any(pair.leader in cast for pair in people.pairs_of(coach.id))


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("coach/after-a-vist", 'Did you mean "coach/after-i-coach"|cascade new coach/after-a-vist'),
        ("nowhere.ipynb", "There is no file nowhere.ipynb"),
        ("../secret", "There is no workbook"),
    ],
)
def test_what_is_not_there_is_said(folder: Path, wanted: str, sentence: str) -> None:
    """Before anything is made."""
    with pytest.raises(WorkbookFault, match=sentence), rehearsing(wanted, folder):
        pass


def test_a_misplaced_file_is_told_where_to_go(folder: Path, tmp_path: Path) -> None:
    """A workbook has an address only in a folder that says whom it is for."""
    path = tmp_path / "visit.ipynb"
    path.write_bytes((folder / f"{SHEET}.ipynb").read_bytes())
    with pytest.raises(WorkbookFault, match="Move or rename this file"), rehearsing(str(path)):
        pass


def test_a_taken_port_is_named_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line with the fix, and nothing is made."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code = answer(["rehearse", SHEET, "--folder", str(folder), "--port", port])
    assert code == 1
    assert "Add --port" in capsys.readouterr().err
