"""Errors are one plain sentence, supplies are known, and nothing is asked of anybody else."""

import re
import sqlite3
from collections.abc import Callable, Iterator

import psutil
import pytest

from cascade_tools.kit import kit_folder
from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry, kernel_of, share
from tests.faults.visitor import Reply, Visitor
from tests.living import ROOT
from tests.promises.rules import ADDRESSES

# What no page shows: how it was made, where it lies, what it runs on.
INNARDS = re.compile(
    r"traceback|sqlite|sqlalchemy|\w+Error\b|exception|no such table|cascade_tools|site-packages"
    r"|\.py\b|\.db\b|secret\.key|/tmp/|/home/|/usr/|tornado|jupyter|line \d+",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"say <strong>([0-9a-f]{6})</strong>")
SENTENCE = re.compile(r"[A-Z“][^<>]{10,300}[.”]")
BREAKS = {
    "the tables of answers are gone": [
        f"alter table {table} rename to {table}_gone" for table in ("answer", "entry", "snapshot")
    ],
    "nobody can say who is there": ["alter table sign_in rename to sign_in_gone"],
    "what was sealed is damaged": [
        "update answer set sealed = x'00ff'",
        "update snapshot set sealed = x'00ff'",
        "update share set sealed = x'00ff'",
    ],
    "the questions are damaged": ["update asked set prompt = '{}'"],
    "the pairs are damaged": ["update pair set started = 'no day', coach_id = 'nobody'"],
}


@pytest.fixture(params=BREAKS)
def broken(
    request: pytest.FixtureRequest, build: Callable[..., QuickHouse]
) -> Iterator[tuple[QuickHouse, dict[str, str], list[Visitor]]]:
    """A house that has just lost something it needs, with people who are signed in; the ids that
    were there."""
    house = build()
    house.start()
    entry = fresh_entry(house, what_happened="We met", question_landed="And?")
    amina = Visitor(house, "amina")
    share(amina, entry, "what-happened")
    with house.records() as records:
        shared = records.sharing.of(house.people["amina"].id, entry)[0]
    people = [amina, Visitor(house, "sue"), Visitor(house, "pat"), Visitor(house)]
    for visitor in people:
        assert visitor.token
    with sqlite3.connect(house.folder.database) as db:
        db.execute("pragma foreign_keys = off")
        for line in BREAKS[request.param]:
            db.execute(line)
    db.close()
    ids = {"shared": shared.snapshot_id, "shares": shared.id, "pairs": house.pair}
    yield house, {**ids, "entries": entry, "together": entry, "sent": entry}, people


def place(address: str, ids: dict[str, str]) -> str:
    """A real address of this kind."""
    path = address.replace("<role>/<name>", "coach/after-i-coach").replace("<key>", "what-happened")
    for name, real in ids.items():
        path = path.replace(f"/{name}/<id>", f"/{name}/{real}")
    path = path.replace("<version>/<file>", "0/page.js").replace("<path>", "no-such-file")
    return re.sub("<[a-z]+>", ids["entries"], path)


def plain(reply: Reply) -> None:
    """One sentence for people, and nothing of what is behind it."""
    kind = (reply.headers["Content-Type"] or "").partition(";")[0]
    if kind == "application/json":
        sentence = str(reply.json().get("problem", ""))
        assert SENTENCE.fullmatch(sentence), sentence
        assert not INNARDS.search(reply.body), reply.body
        return
    assert kind == "text/html"
    main = re.search(r"<main.*?</main>", reply.body, re.DOTALL)
    assert main is not None
    words = re.sub(r"<[^>]+>", " ", main[0])
    assert SENTENCE.search(words), words
    assert not INNARDS.search(words), words
    assert "/worried" in reply.body


def test_whatever_breaks_people_read_a_plain_sentence(
    broken: tuple[QuickHouse, dict[str, str], list[Visitor]],
) -> None:
    """Tables, sign-ins, sealed words, questions and pairs are lost or damaged, one after another:
    at every address, to everybody, an error is a page with a sentence and the way to help; and
    where it is our mistake, with a reference that stands in the log beside the kind of error."""
    house, ids, people = broken
    failed, mistakes, references = 0, 0, set[str]()
    for address in ADDRESSES:
        method, _, path = address.partition(" ")
        # Starting a kernel is the one thing too slow to do again and again.
        if "<kernel>" in path or "/pictures" in path or path.startswith(("/voila", "/static")):
            continue
        for visitor in people:
            at = place(path, ids)
            if method == "GET":
                reply = visitor.get(at)
            elif method == "POST":
                reply = visitor.post(at, {"person": visitor.person, "do": "plan"})
            else:
                reply = visitor.save(ids["entries"], "what-happened", "Later")
            # Two texts side by side are a choice, and no error.
            if reply.status >= 400 and reply.status != 409:
                plain(reply)
                failed += reply.status >= 500
                mistakes += reply.status == 500 and "<main" in reply.body
                references |= set(REFERENCE.findall(reply.body))
    assert failed
    worried = people[0].get("/worried")
    assert worried.status == 200
    assert "01632 960111" in worried.body
    house.stop()
    log = house.log.read_text(encoding="utf-8")
    assert len(references) == mistakes
    assert {one for one in references if f"[{one}]" not in log} == set()
    assert "Traceback" not in log
    assert "Uncaught" not in log
    assert "web:" not in log, "An error page could not be shown."
    assert "We met" not in log


@pytest.mark.parametrize("name", ["x" * 300, "x" * 3000, "a-b" * 90])
def test_a_name_too_long_is_only_not_there(house: QuickHouse, name: str) -> None:
    """An address with a name longer than any file's is like one that does not exist."""
    amina = Visitor(house, "amina")
    for end in ("", "/plain", "/feedback"):
        assert amina.get(f"/workbooks/coach/{name}{end}").status == 404
    assert amina.get(f"/{name}").status == 404


def test_the_server_and_its_kernels_talk_to_this_computer_only(house: QuickHouse) -> None:
    """With pages read, saved, shared and thought about, no process of the kit has a connection to
    another computer, or has asked one by name."""
    amina, entry = Visitor(house, "amina"), fresh_entry(house, what_happened="We met")
    kernel_of(amina, entry)
    share(amina, entry, "what-happened")
    assert house.process is not None
    server = psutil.Process(house.process.pid)
    for process in (server, *server.children(recursive=True)):
        for line in process.net_connections("inet"):
            for end in (line.laddr, line.raddr):
                assert not end or end.ip in ("127.0.0.1", "::1"), line
            assert line.type.name == "SOCK_STREAM", line


def test_no_file_of_a_page_names_another_host() -> None:
    """No script, style or page template of the kit loads anything from elsewhere: the only other
    addresses in them are names of formats."""
    for path in kit_folder("templates").rglob("*"):
        if path.suffix in (".js", ".css", ".html"):
            text = path.read_text(encoding="utf-8")
            hosts = set(re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text))
            loads = re.findall(
                r"(?:src|action)=[\"']?(?:https?:)?//|@import|url\(\s*[\"']?//", text
            )
            assert hosts <= {"www.w3.org", "creativecommons.org"}, path.name
            assert not loads, path.name


def test_everything_that_is_installed_is_pinned_by_its_content() -> None:
    """Every requirement has one version and the hash of each of its files; one command looks for
    known faults in them and lists them for others."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    assert len(lines) > 50
    for line in filter(None, lines):
        assert re.match(r"[a-z0-9_.\[\]-]+==[^ ]+ ", line), line[:80]
        assert "--hash=sha256:" in line, line[:80]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^audit:", makefile, re.MULTILINE)
    assert "pip-audit" in makefile
    assert "cyclonedx" in makefile
