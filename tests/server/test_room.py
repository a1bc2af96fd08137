"""A room to practise in: nobody signs in, nothing is kept, and nobody's words leave their phone."""

import asyncio
import hashlib
import os
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from markupsafe import escape
from tornado.web import RequestHandler

from cascade_tools import content
from cascade_tools.cli import answer
from cascade_tools.errors import SettingsFault
from cascade_tools.model.practice import shuffled
from cascade_tools.server.practice_pages import NAME
from cascade_tools.server.room import make_room, open_room
from cascade_tools.server.room_address import is_only_here, local_address, public_address
from cascade_tools.settings import settings_text
from tests.living import ROOT, House
from tests.roomful import Guest, OpenRoom

OWN = "o1-the-late-accounts"
TICKS_OVER = "practice/conversations/v1-the-board-that-just-ticks-over"
PEOPLE = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme with records, a key and a conversation of its own; each file read long ago."""
    path = House(tmp_path_factory.mktemp("programme") / "house").folder.path
    own = path / "local" / "practice" / "scenes"
    own.mkdir(parents=True)
    (kit,) = (s for s in (ROOT / "data/practice/scenes").glob("v1-*.yaml"))
    text = kit.read_text(encoding="utf-8").replace(
        "id: v1-the-board-that-just-ticks-over", f"id: {OWN}"
    )
    text = text.replace("name: The board that just ticks over", "name: The late accounts")
    (own / f"{OWN}.yaml").write_text(text, encoding="utf-8")
    for one in (path, *path.rglob("*")):
        os.utime(one, ns=(0, one.stat().st_mtime_ns))
    return path


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[OpenRoom]:
    with OpenRoom(tmp_path_factory.mktemp("room"), str(folder)) as room:
        yield room


def state(folder: Path) -> dict[str, Any]:
    """Everything about a folder that could be changed."""
    return {
        str(one.relative_to(folder)): (
            one.stat().st_mode,
            one.stat().st_size,
            one.stat().st_mtime_ns,
            hashlib.sha256(one.read_bytes()).hexdigest() if one.is_file() else "",
        )
        for one in (folder, *sorted(folder.rglob("*")))
    }


def ask(room: OpenRoom, path: str, fields: dict[str, Any] | None = None) -> tuple[int, str, Any]:
    """Status, page and headers."""
    body = None if fields is None else urlencode(fields, doseq=True).encode()
    try:
        with urllib.request.urlopen(room.url + path, body, timeout=30) as reply:  # noqa: S310
            return reply.status, reply.read().decode(), reply.headers
    except urllib.error.HTTPError as reply:
        return reply.code, reply.read().decode(), reply.headers


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_room_of_sixty(folder: Path, tmp_path: Path) -> None:
    """Sixty people arrive at once; each goes their own way through a conversation and a drill, and
    every page is right and theirs.  No cookie is set.  The folder is the same byte for byte, its
    records and its key were not even opened, no other file was made, and nothing was said."""
    before = state(folder)
    for one in folder.rglob("*"):
        os.utime(one, ns=(0, one.stat().st_mtime_ns))
    scenes, drills = content.scenes(folder / "local"), content.drills()

    async def all_of_it(url: str) -> list[Guest]:
        guests = [Guest(url, n, local=folder / "local") for n in range(PEOPLE)]

        async def one(guest: Guest) -> None:
            await guest.arrive()
            await guest.talk(scenes[guest.number % len(scenes)])
            await guest.try_out(drills[guest.number % len(drills)], 2)

        await asyncio.gather(*map(one, guests))
        return guests

    with OpenRoom(tmp_path, str(folder)) as room:
        said = room.said
        guests = asyncio.run(all_of_it(room.url))
        assert [fault for guest in guests for fault in guest.faults] == []
        assert sum(len(guest.took) for guest in guests) > PEOPLE * 8
        assert room.said == said
        assert list(room.own.rglob("*")) == []
        opened = [name for name in ("cascade.db", "secret.key") if (folder / name).stat().st_atime]
        assert opened == []
        assert state(folder) == before
        assert room.stop() == 0
    assert room.said.removeprefix(said).split() == ["Stopped.", "Nothing", "was", "kept."]
    assert state(folder) == before


def test_what_a_room_holds(room: OpenRoom, folder: Path) -> None:
    """The programme's name, its own practice and the kit's, each at its address; whom to ring; and
    nothing else of a programme."""
    _, page, headers = ask(room, "")
    told = words(page)
    assert "Testfield" in told and "The late accounts" in told
    drills = (*content.drills(), *content.statements())
    titles = [*(s.title for s in content.scenes()), *(d.title for d in drills)]
    assert all(title in told for title in [*titles, *(c.title for c in content.cards())])
    for address in set(re.findall(r'href="/(practice/[^"]+)"', page)):
        assert ask(room, address)[0] == 200, address
    assert headers["Cache-Control"] == "no-store" and "Server" not in headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "01632 960111" in words(ask(room, "worried")[1])
    for address in (
        "sign-in",
        "me",
        "workbooks/coach/after-i-coach",
        "cards",
        "health",
    ):
        status, page, headers = ask(room, address)
        assert status == 404, address
        assert "Set-Cookie" not in headers
    assert ask(room, "practice", {})[0] == 405
    assert ask(room, "practice/drills/no-such")[0] == 404


def test_every_address_of_a_room_is_documented() -> None:
    """The table of a room and the room itself name the same addresses, each with its methods."""
    told = (ROOT / "docs/http.md").read_text(encoding="utf-8").split("## In a room")[1]
    rows = re.findall(r"^\| (`/.*?) \| ([A-Z, ]+) \|", told, re.MULTILINE)
    named = {a: methods for cell, methods in rows for a in re.findall(r"`([^`]+)`", cell)}
    served = {}
    rules: list[Any] = make_room(open_room()).wildcard_router.rules
    for rule in rules:
        path = rule.matcher.regex.pattern.removesuffix("$")
        path = path.replace("([0-9a-f]+)/([a-z.-]+)", "<version>/<file>").replace(NAME, "<name>")
        posts = rule.target.post is not RequestHandler._unimplemented_method
        served[path] = "GET, POST" if posts else "GET"
    assert named == served


def test_own_words_have_no_way_out(room: OpenRoom) -> None:
    """No box for words has a name or is in a form; the look back stands folded in the same page.
    Words that somebody sends all the same are shown to nobody."""
    turn = next(d for d in content.drills() if d.kind == "turn")
    silence = next(d for d in content.drills() if d.kind == "silence")
    for path, fields in (
        (TICKS_OVER, {"seed": "0123abcd", "said": ["b", "b"]}),
        (f"practice/drills/{turn.id}", {"seed": "0123abcd", "at": "0", "do": "another"}),
        (f"practice/drills/{silence.id}", {"seed": "0123abcd", "at": "0", "do": "write"}),
    ):
        _, page, _ = ask(room, path, {**fields, "mine": "Capercaillie"})
        assert "Capercaillie" not in page
        assert "What you write here stays on this screen. Nothing is kept." in words(page)
        outside = re.sub(r"<form.*?</form>", "", page, flags=re.DOTALL)
        (box,) = re.findall(r"<textarea[^>]*>", page)
        assert box in outside and "name=" not in box and 'autocomplete="off"' in box
        folded = re.search(r'<details class="look".*</details>', page, re.DOTALL)
        assert folded is not None and len(words(folded[0])) > 100
    _, page, _ = ask(room, TICKS_OVER, {"said": ["b", "b"], "do": "look", "mine": "Capercaillie"})
    assert "Capercaillie" not in page and "<textarea" in page
    item = shuffled(turn.items, "0123abcd")[1]
    _, page, _ = ask(room, f"practice/drills/{turn.id}", {"seed": "0123abcd", "do": "another"})
    assert all(way in unescape(page) for way in item.answers)


def test_the_wall(room: OpenRoom) -> None:
    """The programme's name, a code, the address to type, and one line."""
    _, page, _ = ask(room, "wall")
    assert "<h1>Testfield</h1>" in page and "viewBox" in page
    assert public_address("", room.port).rstrip("/") in words(page)
    assert "nothing is kept" in words(page)


def test_everything_on_paper(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One file: each conversation with its letters, and the look back on a sheet after it; each
    drill with its key at the end; each card.  The same each time, and nothing else is touched."""
    before = state(folder)
    made = tmp_path / "practice.html"
    assert answer(["room", str(folder), "--print", str(made)]) == 0
    assert str(made) in capsys.readouterr().out
    page = made.read_text(encoding="utf-8")
    told = words(page)
    for scene in content.scenes(folder / "local"):
        sheet, leads = (
            told.index(scene.context[:60]),
            told.index(f"For whoever leads: {scene.title}"),
        )
        assert sheet < leads
        for step in (s for path in scene.paths() for s in scene.walk(path)[0]):
            assert " ".join(step.reply.words.split()) in told
            assert " ".join(step.reply.why.split()) in told[leads:]
    for drill in (*content.drills(), *content.statements()):
        key = told.index(f": {drill.title}")
        for item in drill.items:
            assert " ".join(item.words.split()) in told[:key]
            assert " ".join(item.why.split()) in told[key:]
    assert all(card.ask in told for cards in content.cards() for card in cards.items)
    assert not re.search(r"<script|https?://|<img|<link|<form|<input|<textarea", page)
    again = tmp_path / "again.html"
    assert answer(["room", str(folder), "--print", str(again)]) == 0
    assert again.read_bytes() == made.read_bytes()
    assert state(folder) == before
    assert answer(["room", "--print", str(tmp_path)]) == 2
    assert answer(["room", "--print", str(tmp_path / "none" / "x.html")]) == 1
    assert "Name another file." in capsys.readouterr().err


def test_letters_on_paper_lead_where_they_say(room: OpenRoom) -> None:
    """Each letter of a conversation stands on both sheets, with its turn after it; where there is a
    right answer the sheet says so, and whom to ring."""
    scene = next(s for s in content.scenes() if s.right)
    status, page, headers = ask(room, f"print/conversations/{scene.id}")
    assert status == 200 and headers["Content-Security-Policy"].startswith("default-src 'none'")
    numbers = {turn.id: n for n, turn in enumerate(scene.turns, start=1)}
    said, leads = page.split('class="sheet leads"')
    for turn in scene.turns:
        for reply in turn.replies:
            (letter,) = re.findall(
                rf'letter">([A-D])</span><span>{re.escape(str(escape(reply.words)))}', said
            )
            place = leads.index(str(escape(reply.then)))
            assert re.findall(r'letter">([A-D])<', leads[:place])[-1] == letter
            after = words(leads[place:])[: len(reply.then) + 200]
            if reply.acceptable and reply.next in numbers:
                assert f"Go to turn {numbers[reply.next]}." in after
    assert "This is what is needed here." in leads and "Stop here" in leads
    assert "01632 960111" in leads
    assert ask(room, "print/conversations/no-such")[0] == 404
    assert ask(room, "print")[0] == 200


def test_without_a_folder(tmp_path: Path) -> None:
    """The kit's own practice under a plain name; it says that nobody to ring is named."""
    with OpenRoom(tmp_path) as room:
        assert "A room to practise in" in room.said and "Nobody to ring is named." in room.said
        assert "Everybody on the same network" in room.said or "Only this computer" in room.said
        told = words(ask(room, "worried")[1])
        assert "tell whoever leads the day" in told and "CHANGE ME" not in told
        assert list(room.own.rglob("*")) == []


def test_what_an_operator_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A taken port, settings that cannot be read and an address nobody can type: each with the fix.
    A contact that nobody filled in is shown to nobody."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert answer(["room", "--host", "127.0.0.1", "--port", port]) == 1
    assert "Add --port with another number" in capsys.readouterr().err
    assert answer(["room", str(tmp_path)]) == 1
    assert "Run: cascade init" in capsys.readouterr().err
    toml = tmp_path / "programme.toml"
    toml.write_text("programme_nam = 3\n", encoding="utf-8")
    assert answer(["room", str(tmp_path)]) == 1
    assert "there is no setting 'programme_nam'" in capsys.readouterr().err
    assert answer(["room", "--address", "our hall"]) == 1
    assert "is no address to type" in capsys.readouterr().err
    toml.write_text(settings_text(programme_name="Ours"), encoding="utf-8")
    made = tmp_path / "practice.html"
    assert answer(["room", str(tmp_path), "--print", str(made)]) == 0
    assert "CHANGE ME" not in made.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("host", "port", "stated", "shown"),
    [
        ("10.0.0.7", 8870, "", "http://10.0.0.7:8870/"),
        ("10.0.0.7", 80, "", "http://10.0.0.7/"),
        ("::1", 8870, "", "http://[::1]:8870/"),
        ("", 8870, "192.168.1.20", "http://192.168.1.20:8870/"),
        ("", 8870, "192.168.1.20:80", "http://192.168.1.20:80/"),
        ("", 8870, "https://practice.example.org/", "https://practice.example.org/"),
    ],
)
def test_the_address_people_type(host: str, port: int, stated: str, shown: str) -> None:
    """As it was said, else this computer's own; the port only where a browser needs it."""
    assert public_address(host, port, stated) == shown
    assert public_address("", port) == public_address("0.0.0.0", port)  # noqa: S104
    assert local_address() in public_address("", port)
    assert is_only_here("http://127.0.0.1:8870/") and not is_only_here("http://10.0.0.7/")


@pytest.mark.parametrize("stated", ["ftp://a", "a b", "http://", "http://a/b", "a?b", "u@a", "a:x"])
def test_what_is_no_address(stated: str) -> None:
    """What nobody could type into a browser is refused before anything listens."""
    with pytest.raises(SettingsFault, match="no address to type"):
        public_address("", 8870, stated)
