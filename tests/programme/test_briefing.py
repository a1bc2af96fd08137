"""A supervision brief holds what a coach shares with this supervisor now, and nothing else."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from cascade_tools.cli import cli
from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.model.brief import GETTING_READY
from cascade_tools.model.consent import KEEP
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Held, Role
from cascade_tools.model.prompts import Kind, Who
from cascade_tools.programme import brief
from cascade_tools.shelf import open_shelf
from tests.browser import steps
from tests.living import PASSPHRASE, House

SUE = "Sue Superfield"
AMINA = "Amina Coachfield"
MARKER = re.compile(r"Zq\d+xv")


def inside(path: Path) -> str:
    """Every word in a file: of a PDF its text, of a Word file all that is in it."""
    if path.suffix == ".pdf":
        pdf = PdfReader(path)
        text = "".join(page.extract_text() for page in pdf.pages) + str(pdf.metadata)
        return text + str(pdf.xmp_metadata.stream.get_data() if pdf.xmp_metadata else "")
    with zipfile.ZipFile(path) as whole:
        return "".join(whole.read(name).decode("utf-8", "replace") for name in whole.namelist())


@dataclass
class Planted:
    """Words in every place where words can stand: those that are shared, and all others."""

    house: House
    shared: set[str]
    others: set[str]


class Planting:
    """Gives each place a word of its own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.count = 0

    def word(self) -> str:
        self.count += 1
        return f"Zq{self.count}xv"

    def sheet(self, who: str, workbook: str, *, shares: bool = False) -> tuple[str, dict[str, str]]:
        """A sheet with a word in every box; its id, and the words by key."""
        boxes = [
            p
            for p in open_shelf().get(workbook).prompts
            if p.kind in (Kind.LONG, Kind.TEXT, Kind.PERSON) and p.keep
        ]
        words = {p.key: self.word() for p in boxes}
        entry = steps.written(self.house, who, workbook, words)
        if shares:
            steps.handed(self.house, who, entry)
            for p in boxes:
                if p.who is Who.ONLY_ME:
                    words.pop(p.key)
        return entry, words


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    house = House(tmp_path_factory.mktemp("brief") / "house")
    plant = Planting(house)
    people, now = house.people, datetime.now(UTC)
    amina, sue = people["amina"].id, people["sue"].id
    # Shared, except what is only hers.
    _, ready = plant.sheet("amina", GETTING_READY, shares=True)
    look_back, after = plant.sheet("amina", steps.COACHING, shares=True)
    shared = {*ready.values(), *after.values()}
    # What she wrote after she shared it.
    later = plant.word()
    steps.written(house, "amina", steps.COACHING, {"want-from-supervision": later})
    # A sheet she stopped sharing, one she never shared, one for somebody else.
    stopped, _ = plant.sheet("amina", "toolkit/actions-that-get-done", shares=True)
    with house.records() as records:
        for share in records.sharing.of(amina, stopped):
            records.sharing.stop(amina, share.id)
    plant.sheet("amina", "coach/before-i-coach")
    plant.sheet("beth", GETTING_READY, shares=True)
    plant.sheet("leo", "leader/going-below-the-surface")
    # The supervisor's own draft about it, and a meeting that is not recorded.
    with house.records() as records:
        snapshot = records.sharing.of(amina, look_back)[0].snapshot_id
        for about, workbook, key in (
            (snapshot, steps.REVIEW, "working-note"),
            (records.people.start_supervision(sue, [amina], now.date()), steps.MEETING, "agreed"),
        ):
            prompt = open_shelf().get(workbook).prompt(key)
            assert prompt is not None
            entry = records.entries.start(sue, workbook, about_id=about)
            records.entries.save(sue, entry.id, prompt, plant.word(), base=0, writer="t", counter=1)
    every = {f"Zq{n}xv" for n in range(1, plant.count + 1)}
    return Planted(house, shared, every - shared)


@pytest.mark.parametrize("word", [False, True], ids=["pdf", "word"])
def test_nothing_that_is_not_shared_is_inside(planted: Planted, tmp_path: Path, word: bool) -> None:
    """Drafts, what is only the author's, what was written later, what is no longer shared, what
    others share with others: no word of it is in the file; words that are shared are."""
    path = brief(planted.house.folder.path, SUE, tmp_path, word=word, passphrase=PASSPHRASE)
    found = set(MARKER.findall(inside(path)))
    assert len(planted.others) > 30 and len(found) >= 8
    assert found & planted.others == set()
    assert found <= planted.shared


def test_every_author_is_told(planted: Planted, tmp_path: Path) -> None:
    """A brief is a line in the log of each coach whose words it opens, and it leaves the sheet
    unread: it has not been read as a whole."""
    house = planted.house
    amina = house.people["amina"].id
    with house.records() as records:
        before = len(records.read_log.of(amina))
    brief(house.folder.path, SUE, tmp_path, passphrase=PASSPHRASE)
    with house.records() as records:
        log = records.read_log.of(amina)
        assert [(o.reader, o.way) for o in log[: len(log) - before]] == [(SUE, "brief")] * 2
        assert all(s.opened_at is None for s in records.desk(house.people["sue"], "page").shared())


def test_the_supervisor_agrees_first(planted: Planted, tmp_path: Path) -> None:
    """Without the supervisor's passphrase or ticket there is no brief, and no line in a log."""
    house = planted.house
    with house.records() as records:
        before = len(records.read_log.of(house.people["amina"].id))
    with pytest.raises(WrongPassphrase):
        brief(house.folder.path, SUE, tmp_path, passphrase="another passphrase")
    assert list(tmp_path.iterdir()) == []
    with house.records() as records:
        assert len(records.read_log.of(house.people["amina"].id)) == before


def test_one_coach_by_name(planted: Planted, tmp_path: Path) -> None:
    """A coach is chosen by name; one they do not supervise is refused, and so is a file name of the
    other kind."""
    house = planted.house.folder.path
    told: list[tuple[int, int]] = []
    path = brief(
        house,
        SUE,
        tmp_path / "mine.pdf",
        coaches=[AMINA],
        passphrase=PASSPHRASE,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 1)]
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(NotPossible, match="does not supervise anybody called 'Beth"):
        brief(house, SUE, tmp_path, coaches=["Beth Coachfield"], passphrase=PASSPHRASE)
    with pytest.raises(NotPossible, match="add --word"):
        brief(house, SUE, tmp_path / "mine.docx", passphrase=PASSPHRASE)
    with pytest.raises(NotPossible, match="supervises nobody"):
        brief(house, AMINA, tmp_path, passphrase=PASSPHRASE)


@pytest.fixture
def ticket(planted: Planted) -> Iterator[str]:
    with planted.house.records() as records:
        yield records.signing_in.ticket(planted.house.people["sue"].id, None, None)


def test_the_command_makes_the_same(planted: Planted, tmp_path: Path, ticket: str) -> None:
    """``cascade brief`` takes a ticket, and says which file it made; its bar stays out of what a
    program reads."""
    arguments = ["brief", str(planted.house.folder.path), "--as", SUE, "--ticket", ticket, "--word"]
    done = CliRunner().invoke(cli, [*arguments, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert f"Made {tmp_path / 'supervision-brief.docx'}." in done.stdout
    assert "Reading" not in done.output
    assert MARKER.search(inside(tmp_path / "supervision-brief.docx"))


def test_six_in_one_go(tmp_path: Path) -> None:
    """Six coaches are six pages, each with its bookmark, whatever they wrote; what does not fit is
    left out whole, and counted."""
    house = House(tmp_path / "house")
    long = [f"{'Begin'} {n} " + "word " * 90 + f"end{n}." for n in range(8)]
    names = [AMINA, *(f"C{n} Newfield" for n in range(5))]
    with house.records() as records:
        for name in names[1:]:
            person = records.people.add(name, [Role.COACH])
            records.consents.decide(person.id, KEEP, True, house.notice)
            records.people.supervise(house.people["sue"].id, person.id)
            house.people[name] = person
    keys = ["want", "not-brought", "glad-noticed", "eye-leader", "eye-what-i-did", "eye-stirred"]
    given = dict(zip(keys, long, strict=False)) | {"one-worry": "a" * 190}
    for who in ("amina", *names[1:]):
        steps.handed(house, who, steps.written(house, who, GETTING_READY, given))
    path = brief(house.folder.path, SUE, tmp_path / "six.pdf", passphrase=PASSPHRASE)
    pdf = PdfReader(io.BytesIO(path.read_bytes()))
    assert len(pdf.pages) == 6
    tops = [e["/Title"] for e in pdf.outline if not isinstance(e, list)]
    assert sorted(tops) == sorted(names)
    for page in pdf.pages:
        text = " ".join(page.extract_text().split())
        begun, ended = re.findall(r"Begin (\d)", text), re.findall(r"end(\d)\.", text)
        assert begun == ended and 1 <= len(begun) < 7
        assert "more in the kit" in text


def test_a_share_that_ends_is_gone_from_the_next(planted: Planted, tmp_path: Path) -> None:
    """After the last day of a share nothing of it is in a brief."""
    house = planted.house
    sue, amina = house.people["sue"], house.people["amina"].id
    ahead = datetime.now(UTC) + timedelta(days=31)
    with house.records(now=lambda: ahead) as records:
        made = records.briefs.of(sue, amina)
    assert made.brings == () and made.quotes == frozenset()


def test_what_was_agreed_stands_in_it(tmp_path: Path) -> None:
    """What both keep of the last supervision is in the next brief, with how it stands."""
    house = House(tmp_path / "house")
    sue, amina = house.people["sue"], house.people["amina"]
    sheet = open_shelf().get(steps.MEETING)
    given = {
        "agreed": "To leave one question open",
        "agreed-actions": [
            {"id": "0000000a", "what": "Ring the chair", "owner": "coach", "status": "done"}
        ],
    }
    with house.records() as records:
        on = records.store.now().date()
        meeting = records.people.start_supervision(sue.id, [amina.id], on)
        entry = records.entries.start(sue.id, steps.MEETING, about_id=meeting)
        for key, value in given.items():
            asked = sheet.prompt(key)
            assert asked is not None
            records.entries.save(sue.id, entry.id, asked, value, base=0, writer="t", counter=1)
        records.entries.commit(sue.id, entry.id)
        records.people.record_supervision(meeting, state=Held.HELD, on=on)
        made = records.briefs.of(sue, amina.id)
    assert [one.words for one in made.agreed] == ["To leave one question open"]
    assert [(p.what, p.over) for p in made.promises] == [("Ring the chair", True)]


def test_only_the_steps_that_were_released_stand_in_it(tmp_path: Path) -> None:
    """A next step is in the brief while it is released to the coach: not as a draft, and not once
    it is taken back; what was released to another coach is in none but theirs."""
    house = House(tmp_path / "house")
    sue, amina = house.people["sue"], house.people["amina"]
    snapshot = steps.handed(house, "amina", steps.reflection(house, what_happened="We met"))
    prompt = open_shelf().get(steps.REVIEW).prompt("steps")
    assert prompt is not None
    step = [{"id": "0000000b", "what": "Sit still", "owner": "coach", "status": "planned"}]
    with house.records() as records:
        review = records.entries.start(sue.id, steps.REVIEW, about_id=snapshot)
        records.entries.save(sue.id, review.id, prompt, step, base=0, writer="t", counter=1)
        assert records.briefs.of(sue, amina.id).promises == ()
        document = records.sharing.compose(sue.id, review.id, Outline((("s", "S", ("steps",)),)))
        reader = records.sharing.readers(sue.id, review.id, ("author",))[0]
        until = records.store.now() + timedelta(days=9)
        records.sharing.share(sue.id, review.id, document, reader, purpose="x", ends_at=until)
        records.people.supervise(sue.id, house.people["beth"].id)
        assert [p.what for p in records.briefs.of(sue, amina.id).promises] == ["Sit still"]
        assert records.briefs.of(sue, house.people["beth"].id).promises == ()
        (share,) = records.sharing.of(sue.id)
        records.sharing.stop(sue.id, share.id)
        assert records.briefs.of(sue, amina.id).promises == ()
