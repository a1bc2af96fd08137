"""``cascade`` on the command line: what it prints, how it ends, and the demo from start to page."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cascade_tools import __version__, programme, shelf
from cascade_tools.cli import answer, cli
from cascade_tools.settings import describe
from cascade_tools.shelf import open_shelf
from tests.living import PASSPHRASE, ROOT, House

Capture = pytest.CaptureFixture[str]
CASCADE = [sys.executable, "-m", "cascade_tools"]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A new programme with nobody in it."""
    stated = {"controller": "Ours Trust", "programme_phone": "01632 960100"}
    return str(programme.init(tmp_path / "ours", programme_name="Ours", **stated).path)


def run(capture: Capture, *arguments: str) -> tuple[int, str, str]:
    """The exit code, what went to the output and what went to the error output."""
    capture.readouterr()
    code = answer(arguments)
    said = capture.readouterr()
    return code, said.out, said.err


def test_the_version_is_said_without_loading_the_kit() -> None:
    """Nothing heavy is imported for it."""
    heavy = ("sqlalchemy", "pandas", "voila", "ipywidgets", "jinja2")
    script = (
        "import sys; from cascade_tools.cli import answer; code = answer(['--version']); "
        f"print(code, [m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == f"cascade {__version__}\n0 []\n"


def test_every_command_says_what_it_does(capsys: Capture) -> None:
    """Each has a help text of its own, and is named in the first one."""
    _, first, _ = run(capsys, "--help")
    for name, command in cli.commands.items():
        assert name in first
        code, said, _ = run(capsys, name, "--help")
        assert code == 0
        assert command.help
        assert command.help.split()[0] in said
    assert set(cli.commands) == {
        *("demo", "init", "serve", "people", "pair", "supervise", "invite"),
        *("check", "collect", "backup", "new", "paper", "rehearse", "room", "running"),
        *("funder", "outcomes", "overview", "report", "brief"),
        *("handover", "hold", "key", "release", "restore", "results", "retention", "status"),
        "verify",
    }


def test_a_whole_programme_from_the_command_line(folder: str, capsys: Capture) -> None:
    """People, a pair and a supervisor; programs read the answers as JSON."""
    for arguments in (
        (
            "people",
            "add",
            folder,
            "Sue Superfield",
            "--role",
            "supervisor",
            "--phone",
            "01632 960104",
        ),
        ("people", "add", folder, "Amina Coachfield", "--role", "coach"),
        ("people", "add", folder, "Leo Leaderfield", "--role", "leader", "--json"),
        ("supervise", folder, "--supervisor", "Sue Superfield", "--coach", "Amina Coachfield"),
        (
            *("pair", folder, "--coach", "Amina Coachfield", "--leader", "Leo Leaderfield"),
            *("--label", "the food larder", "--started", "2026-01-05", "--ends", "2026-09-05"),
        ),
    ):
        code, said, problem = run(capsys, *arguments)
        assert (code, problem) == (0, "")
        assert said
    _, said, _ = run(capsys, "people", "list", folder, "--json")
    people = {p["name"]: p for p in json.loads(said)}
    assert people["Sue Superfield"]["phone"] == "01632 960104"
    assert people["Leo Leaderfield"] == {
        "name": "Leo Leaderfield",
        "roles": ["leader"],
        "phone": "",
        "has_passphrase": False,
        "room": None,
    }
    _, said, _ = run(capsys, "people", "room", folder, "amina coachfield", "2")
    assert said == "Amina Coachfield has room for 2 more.\n"
    _, said, _ = run(capsys, "people", "remove", folder, "leo leaderfield")
    assert "Leo Leaderfield has left" in said
    _, said, _ = run(capsys, "people", "list", folder)
    assert said.splitlines() == [
        "Amina Coachfield: coach, room for 2 more (no passphrase yet)",
        "Sue Superfield: supervisor (no passphrase yet)",
    ]


def test_two_people_are_one_pair_however_often_it_is_said(folder: str, capsys: Capture) -> None:
    """What was not said of them at first can be said later with the same command; it makes no
    second pair, and changes nothing else.  Once they have ended they may be a pair again."""
    for name, role in (("Amina Coachfield", "coach"), ("Leo Leaderfield", "leader")):
        run(capsys, "people", "add", folder, name, "--role", role)
    two = ("pair", folder, "--coach", "Amina Coachfield", "--leader", "Leo Leaderfield", "--json")
    alone = ("pair", folder, "--coach", "Amina Coachfield", "--json", "--label")
    made = [
        run(capsys, *command)
        for command in (
            (*two, "--label", "the food larder", "--started", "2026-01-05"),
            (*two, "--asked-on", "2025-12-01", "--reason-kept"),
            two,
            (*alone, "the café"),
            (*alone, "the café", "--reason-kept"),
            (*alone, "the sheds"),
        )
    ]
    assert [(code, problem) for code, _, problem in made] == [(0, "")] * 6
    ids = [json.loads(said)["pair"] for _, said, _ in made]
    assert (ids[0], ids[3]) == (ids[1], ids[4])
    assert (ids[2], len(set(ids))) == (ids[0], 3)
    for more in (("--label", "other"), ("--started", "2026-01-06"), ("--ends", "2026-09-01")):
        code, _, problem = run(capsys, *two, *more)
        assert (code, "a pair already" in problem) == (1, True)
    with programme.records_of(folder) as records:
        leo = records.people.get("Leo Leaderfield")
        (told,) = records.my_data.gather(leo.id)["pairs"]
        assert (told["asked_on"], told["reason_kept"]) == ("2025-12-01", True)
        assert told["label"] == "the food larder"
        records.people.end_pair(ids[0], date(2026, 2, 1), early=False)
    _, said, _ = run(capsys, *two, "--label", "the food larder")
    assert json.loads(said)["pair"] not in ids


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (("people", "list", "{none}"), 1, "cascade init"),
        (("people", "room", "{folder}", "Nobody", "1"), 1, "cascade people list"),
        (("people", "room", "{folder}", "Sue", "many"), 2, "many"),
        (("people", "add", "{folder}", "Nobody"), 1, "--role"),
        (("people", "add", "{folder}", "Sue", "--role", "supervisor"), 1, "--phone"),
        (("people", "remove", "{folder}", "Nobody"), 1, "cascade people list"),
        (("init", "{folder}"), 1, "cascade serve"),
        (("serve", "{folder}", "--host", "192.0.2.7"), 1, "--https"),
        (("pair", "{folder}", "--coach", "Nobody", "--label", "x"), 1, "Nobody"),
        (("new", "teacher/lesson", "--folder", "{none}"), 1, "The folders are"),
        (("demo", "--folder", "{folder}"), 1, "real programme"),
        (("collect", "{folder}", "--as", "Nobody", "--out", "{none}"), 1, "Nobody"),
        (("serve", "{folder}", "--port", "x"), 2, "--port"),
        (("nonsense",), 2, "No such command"),
        (("people", "add", "{folder}", "Sue", "--role", "boss"), 2, "supervisor"),
    ],
)
def test_what_goes_wrong_is_one_line_with_the_fix(
    arguments: tuple[str, ...], code: int, part: str, folder: str, tmp_path: Path, capsys: Capture
) -> None:
    """On the error output, with the code, and never a traceback."""
    filled = [a.format(folder=folder, none=tmp_path / "none") for a in arguments]
    ended, said, problem = run(capsys, *filled)
    assert (ended, said) == (code, "")
    assert part in problem
    assert "Traceback" not in problem
    if code == 1:
        assert problem.count("\n") == 1


def test_a_fault_of_ours_names_its_kind_and_place_and_no_more(tmp_path: Path) -> None:
    """What it was about could be somebody's words."""
    secret = "Quetzalcoatl-in-the-kitchen"
    script = (
        "from cascade_tools import cli\n"
        "@cli.cli.command()\n"
        f"def broken(): raise ValueError({secret!r})\n"
        "raise SystemExit(cli.answer(['broken']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert secret not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_settings_given_to_init_stand_in_the_file(tmp_path: Path, capsys: Capture) -> None:
    """The rest is there with its meaning, to be filled in."""
    code, said, _ = run(capsys, "init", str(tmp_path / "p"), "--name", "Ours", "--json")
    assert code == 0
    text = Path(json.loads(said)["settings"]).read_text()
    assert 'programme_name = "Ours"' in text
    for name, _, about in describe():
        assert about in text, name


def test_invite_says_who_is_waiting_and_prints_only_when_told(
    folder: str, tmp_path: Path, capsys: Capture
) -> None:
    """Without --print no code is made; with it, no code is shown on the screen."""
    run(capsys, "people", "add", folder, "Amina Coachfield", "--role", "coach")
    _, said, _ = run(capsys, "invite", folder)
    assert said.splitlines()[0] == "Amina Coachfield"
    out = tmp_path / "slips.html"
    arguments = ("invite", folder, "--print", "--address", "https://kit.example", "--out", str(out))
    code, said, _ = run(capsys, *arguments, "--json")
    assert code == 0
    assert json.loads(said) == {"file": str(out), "slips": ["Amina Coachfield"]}
    (code_on_slip,) = re.findall(r'class="code">([^<]+)<', out.read_text())
    assert code_on_slip not in said


def test_check_ends_with_one_when_there_is_something_to_put_right(
    folder: str, capsys: Capture
) -> None:
    """A program can go by the code, and reads what, where and the fix."""
    code, said, _ = run(capsys, "check", "--json")
    assert (code, json.loads(said)) == (0, [])
    code, said, _ = run(capsys, "check", folder, "--json")
    assert code == 1
    assert {"file", "cell", "sentence"} == set(json.loads(said)[0])


def test_a_new_workbook_is_sound_from_the_start(tmp_path: Path, capsys: Capture) -> None:
    """In a programme's own folder it is served as it is."""
    made = str(programme.init(tmp_path / "ours").path)
    place = str(tmp_path / "ours" / "local" / "workbooks")
    code, said, _ = run(capsys, "new", "coach/our-own", "--folder", place, "--json")
    assert code == 0
    assert Path(json.loads(said)["file"]).is_file()
    _, said, _ = run(capsys, "check", made, "--json")
    assert not [f for f in json.loads(said) if "our-own" in f["file"]]


def test_collect_and_backup_say_which_files_they_made(tmp_path: Path, capsys: Capture) -> None:
    """With a ticket nobody has to type; nothing anybody wrote is printed."""
    house = House(tmp_path / "house")
    path = str(house.folder.path)
    with house.records() as records:
        ticket = records.signing_in.ticket(house.people["amina"].id, None, None)
    arguments = ("collect", path, "--as", "Amina Coachfield", "--out", str(tmp_path / "out"))
    code, said, _ = run(capsys, *arguments, "--ticket", ticket, "--json")
    assert code == 0
    assert all(Path(f).is_file() for f in json.loads(said)["files"])
    code, said, _ = run(capsys, "backup", path)
    assert code == 0
    assert "the key is not in it" in said
    assert PASSPHRASE not in said


# The demo, for real


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """The demo's address, all it printed before it was ready, and its folder."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    command = [*CASCADE, "demo", "--folder", str(folder), "--port", "0", "--no-browser"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Stop it"):
            break
    found = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert found is not None, said
    yield found[0], said, folder
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(30) == 0


def fetch(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_the_demo_says_where_it_is_and_who_one_can_be(served: tuple[str, str, Path]) -> None:
    """The address answers as soon as it is printed; a few names for each role are enough."""
    address, said, _ = served
    assert fetch(f"{address}health")[0] == 200
    assert "Nobody in it exists" in said
    for part in ("supervisor", "Judith Plumstone", "coach", "and 12 more", "evaluator"):
        assert part in said
    assert len(said.splitlines()) < 20


def test_the_demo_answers_this_computer_under_its_own_names_only(
    served: tuple[str, str, Path],
) -> None:
    """A page elsewhere that points its name here gets nothing."""
    address, _, _ = served
    assert fetch(f"{address}health", Host="kit.example")[0] == 403
    assert fetch(f"{address}health", Host="localhost")[0] == 200


def test_the_first_page_offers_the_fictional_people(served: tuple[str, str, Path]) -> None:
    """Anyone may be anyone, without a passphrase."""
    address, _, _ = served
    status, page = fetch(address)
    assert status == 200
    assert "Judith Plumstone" in page


def test_a_demo_that_is_there_is_used_again(served: tuple[str, str, Path]) -> None:
    """It is not made anew; that it is being served already is said at once."""
    address, _, folder = served
    key = (folder / "secret.key").read_bytes()
    port = address.rstrip("/").rpartition(":")[2]
    command = [*CASCADE, "demo", "--folder", str(folder), "--port", port, "--no-browser"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 1
    assert "there already" in done.stderr
    assert "Stop the server first" in done.stderr
    assert (folder / "secret.key").read_bytes() == key
    assert "Traceback" not in done.stderr


def test_a_backup_works_while_the_demo_is_served(
    served: tuple[str, str, Path], capsys: Capture
) -> None:
    """And the server goes on answering."""
    address, _, folder = served
    code, _, problem = run(capsys, "backup", str(folder))
    assert (code, problem) == (0, "")
    assert fetch(f"{address}health")[0] == 200


def test_status_says_whether_the_server_keeps_up(
    served: tuple[str, str, Path], capsys: Capture
) -> None:
    """One line for each thing, the words beneath each other, and 0 while all is well; a program
    gets the same as JSON."""
    _, _, folder = served
    code, said, problem = run(capsys, "status", str(folder))
    assert (code, problem) == (0, "")
    lines = said.splitlines()
    named = [line.split()[0] for line in lines]
    assert named == [
        *("server", "records", "people", "saves", "queue", "kernels", "pictures", "memory", "disk")
    ]
    assert len({len(re.match(r"\w+ +", line)[0]) for line in lines}) == 1  # type: ignore[index]
    assert f"Cascade {__version__}, since " in lines[0]
    assert lines[1].endswith("can be written")
    assert re.search(r"people +0 signed in, 0 active", said)
    assert re.search(r"kernels +0 of at most \d+", said)
    code, said, _ = run(capsys, "status", str(folder), "--json")
    found = json.loads(said)
    assert code == 0
    assert (found["running"], found["writable"], found["troubles"]) == (True, True, [])
    assert (found["signed_in"], found["kernels"], found["saves"]) == (0, 0, 0)


def test_status_without_a_server_says_what_to_run(folder: str, capsys: Capture) -> None:
    """It ends with 1, and the line is the command to type; JSON says the same."""
    code, said, problem = run(capsys, "status", folder)
    assert code == 1
    assert said.startswith("disk")
    assert problem == f"cascade: No server is running here. Run: cascade serve {folder}\n"
    code, said, problem = run(capsys, "status", folder, "--json")
    assert (code, problem) == (1, "")
    assert json.loads(said)["running"] is False


# Paper


def test_paper_is_written_without_a_server(tmp_path: Path, capsys: Capture) -> None:
    """A page for each workbook and an index that leads to them; a program learns their names."""
    out = tmp_path / "out"
    code, said, problem = run(capsys, "paper", "--out", str(out))
    assert (code, problem) == (0, "")
    ids = [w.id for w in open_shelf().all()]
    assert f"Made {len(ids)} workbooks" in said and str(out / "index.html") in said
    made = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert made == {"index.html", *(f"{i}.html" for i in ids)}
    index = (out / "index.html").read_text("utf-8")
    assert [i for i in ids if f'href="{i}.html"' not in index] == []
    code, said, _ = run(capsys, "paper", "--out", str(out), "--json")
    assert code == 0
    assert {Path(f) for f in json.loads(said)["files"]} == {out / name for name in made}


def test_paper_of_a_programme_is_its_own(folder: str, tmp_path: Path, capsys: Capture) -> None:
    """Its name and number are on each page, its own workbook is there, and one with a fault is
    not."""
    own = Path(folder) / "local" / "workbooks"
    shelf.new(own, "coach/after-a-visit", "After a visit")
    faulty = shelf.new(own, "coach/after-i-coach", "After I coach")
    faulty.write_text(faulty.read_text("utf-8").replace("ask.long(", "ask.lang("), "utf-8")
    out = tmp_path / "out"
    assert run(capsys, "paper", folder, "--out", str(out))[0] == 0
    page = (out / "coach" / "after-a-visit.html").read_text("utf-8")
    assert "Ours, on paper" in page and "01632 960100" in page
    assert not (out / "coach" / "after-i-coach.html").exists()


def test_paper_that_cannot_be_written_says_so(tmp_path: Path, capsys: Capture) -> None:
    """One line with the fix, and no trace of the inside."""
    (tmp_path / "file").write_text("a file, not a folder")
    code, _, problem = run(capsys, "paper", "--out", str(tmp_path / "file"))
    assert code == 1
    assert "Name another folder with --out." in problem and "Traceback" not in problem
