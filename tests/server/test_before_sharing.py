"""Before sharing: whom an answer is for, what looks like personal detail, until when."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from cascade_tools.model.entry import Outline
from cascade_tools.records import Records
from cascade_tools.shelf import open_shelf
from tests.browser.steps import any_entry
from tests.living import House
from tests.server.visitor import Visitor

ROLES = {"amina": "coach", "leo": "leader"}
DETAIL = "This looks like personal detail."
MARK = re.compile(r"<mark>([^<]+)</mark>")
PUNCTUATED = "Wren rang on 07700 900456. Tamsin <b>was</b> there; so was Leo."


def _entries(house: House) -> list[tuple[str, str, str]]:
    """One entry of every workbook a coach or leader writes in: who, workbook, id."""
    found = []
    for workbook in open_shelf().all():
        apart = workbook.desk or workbook.public or workbook.notice
        for who, role in ROLES.items():
            if not apart and role in {str(r) for r in workbook.roles}:
                found.append((who, workbook.id, any_entry(house, workbook, who)))
    return found


def test_the_audience_is_said_once_and_where_it_differs(house: House) -> None:
    """Every page says once who can see what is written there; beside a question it is said again
    only where that question has another audience, and the control is described by it."""
    visitors = {who: Visitor(house, who) for who in ROLES}
    shelf, differ = open_shelf(), 0
    for who, workbook_id, entry in _entries(house):
        html = visitors[who].get(f"entries/{entry}").text
        workbook = shelf.get(workbook_id)
        assert html.count('<p class="seen">') == 1, workbook_id
        for prompt in workbook.prompts:
            told = re.search(rf'<span class="who" id="who-{prompt.key}">([^<]+)</span>', html)
            if f'id="prompt-{prompt.key}"' not in html:
                continue
            if prompt.who == workbook.usual:
                assert told is None, (workbook_id, prompt.key)
            else:
                differ += 1
                assert told is not None, (workbook_id, prompt.key)
                assert told[1] == f"{prompt.who.words}."
                assert re.search(rf'aria-describedby="[^"]*who-{prompt.key}', html)
    assert differ > 5


class TestNames:
    """One's own list of names."""

    def test_it_is_kept_as_written_for_its_author_alone(
        self, amina: Visitor, beth: Visitor
    ) -> None:
        """One name a line comes back; nobody else sees it; the database holds no word of it."""
        kept = amina.post("me/names", {"names": "Wren Sallowby\r\n\r\n  Tamsin \r\nTamsin"})
        assert (kept.status, kept.location) == (302, "/me/names?done=kept")
        assert "Wren Sallowby\nTamsin</textarea>" in amina.get("me/names").text
        assert "Sallowby" not in beth.get("me/names").text
        for path in amina.house.folder.path.glob("cascade.db*"):
            assert b"Sallowby" not in path.read_bytes()

    def test_it_can_be_erased(self, beth: Visitor) -> None:
        """Erasing takes the list away, whether or not anything may be kept."""
        beth.post("me/names", {"names": "Wren"})
        assert beth.post("me/names", {"do": "erase"}).status == 302
        with beth.house.records() as records:
            assert records.own_names.of(beth.person) == []


class TestDetails:
    """The look for personal detail."""

    @pytest.fixture(scope="class")
    @classmethod
    def entry(cls, amina: Visitor) -> str:
        amina.post("me/names", {"names": "Wren\nTamsin"})
        entry = amina.start()
        amina.save(entry, "what-happened", PUNCTUATED)
        amina.save(entry, "not-said", "Nothing much.")
        return entry

    @pytest.mark.parametrize("page", ["check", "share"])
    def test_it_is_marked_in_place(self, amina: Visitor, entry: str, page: str) -> None:
        """On the page of checking and in the preview the words are marked, one sentence asks, and
        a link leads to the question; other answers stay as they are."""
        html = self._page(amina, entry, page)
        assert MARK.findall(html) == ["Wren", "07700 900456", "Tamsin", "Leo"]
        assert '<span class="unseen"> (looks like a telephone number)</span>' in html
        assert "&lt;b&gt;was&lt;/b&gt;" in html
        assert html.count(DETAIL) == 1
        assert f'href="/entries/{entry}?page=what-happened#prompt-what-happened"' in html

    @staticmethod
    def _page(amina: Visitor, entry: str, page: str) -> str:
        if page == "check":
            return amina.get(f"entries/{entry}/check").text
        fields = {"until-day": "27", "until-month": "3", "until-year": "2099", "purpose": "Talk"}
        preview = amina.post(
            f"entries/{entry}/share", {**fields, "part": ["what-happened", "what-was-not-said"]}
        )
        return preview.text

    def test_what_it_is_for_is_shown_and_looked_at(self, amina: Visitor, entry: str) -> None:
        """Before sharing the author sees the purpose as its reader will, marked where it holds
        personal detail, and can go back to change it."""
        fields = {"until-day": "27", "until-month": "3", "until-year": "2099"}
        preview = amina.post(
            f"entries/{entry}/share",
            {**fields, "part": "what-was-not-said", "purpose": "To ring Tamsin"},
        ).text
        assert "what it is for: To ring <mark>Tamsin</mark>" in preview
        assert f'href="/entries/{entry}/check#purpose"' in preview

    def test_it_never_stops_anybody_and_goes_no_further(
        self, amina: Visitor, sue: Visitor, entry: str
    ) -> None:
        """It can be shared as it is, and its reader sees the words without a mark."""
        snapshot = amina.share(entry, "what-happened")
        read = sue.get(f"shared/{snapshot}").text
        assert "07700 900456" in read
        assert "<mark>" not in read
        assert DETAIL not in read

    def test_the_preview_without_its_marks_is_what_the_reader_gets(
        self, amina: Visitor, sue: Visitor, entry: str
    ) -> None:
        """Marks and the sentence are all that is added to the preview."""
        preview = self._page(amina, entry, "share")
        bare = re.sub(r'<dd class="gentle">.*?</dd>\s*', "", preview)
        bare = re.sub(r'</?mark>|<span class="unseen"> \(looks like [^)]*\)</span>', "", bare)
        read = sue.get(f"shared/{amina.share(entry, 'what-happened', 'what-was-not-said')}").text
        article = re.compile(r'<article class="shared">.*?</article>', re.DOTALL)
        assert article.findall(bare) == article.findall(read)

    def test_what_is_only_for_oneself_is_left_alone(self, amina: Visitor) -> None:
        """Answers that never leave are not looked at, beside others in the same sheet that are."""
        entry = amina.start("coach/getting-ready-for-supervision")
        boxes = open_shelf().get("coach/getting-ready-for-supervision").prompts
        *_, mine = (p for p in boxes if p.kind == "long" and p.who == "mine")
        for key, number in (("eye-hope-not-asked", "07700 900111"), (mine.key, "07700 900222")):
            assert amina.save(entry, key, f"Ring {number}").status == 200
        shown = amina.get(f"entries/{entry}/check").text
        assert "07700 900111" in shown
        assert MARK.findall(shown) == ["07700 900222"]


class TestHowLong:
    """A share has a purpose and an end."""

    @staticmethod
    def _until(visitor: Visitor, entry: str) -> str:
        html = visitor.get(f"entries/{entry}/check").text
        found = [
            re.search(rf'id="until-{part}" name="until-{part}" value="(\d+)"', html)
            for part in ("day", "month", "year")
        ]
        return "-".join(f[1] for f in found if f)

    def test_it_ends_by_itself_180_days_on_or_30_after_the_pair(
        self, house: House, amina: Visitor
    ) -> None:
        """Without an ending in sight it is half a year; with one it is 30 days after it."""
        entry, today = amina.start(), datetime.now(UTC).date()
        usual = today + timedelta(days=180)
        assert self._until(amina, entry) == f"{usual.day}-{usual.month}-{usual.year}"
        with house.records() as records:
            _agree_on_an_ending(house, records, today + timedelta(days=20))
        sooner = today + timedelta(days=50)
        assert self._until(amina, entry) == f"{sooner.day}-{sooner.month}-{sooner.year}"

    def test_nothing_is_shared_without_saying_what_for(self, amina: Visitor) -> None:
        """A share without a purpose is refused with one sentence."""
        entry = amina.start()
        amina.save(entry, "what-happened", "words")
        fields = {"until-day": "27", "until-month": "3", "until-year": "2099", "purpose": "  "}
        reply = amina.post(f"entries/{entry}/share", {**fields, "part": "what-happened"})
        assert reply.status == 400
        assert "Say what it is for." in reply.text


def _agree_on_an_ending(house: House, records: Records, day: date) -> None:
    """Amina proposed an agreement that ends on this day, and Leo has accepted it."""
    workbook = open_shelf().get("pair/our-agreement")
    label = workbook.prompt("label")
    assert label is not None
    amina, leo = house.people["amina"].id, house.people["leo"].id
    entry = records.entries.start(amina, workbook.id, pair_id=house.pair)
    records.entries.save(amina, entry.id, label, "place", base=0, writer="t", counter=1)
    document = records.sharing.compose(amina, entry.id, Outline((("a", "A", ("label",)),)))
    until = datetime.now(UTC) + timedelta(days=90)
    made = records.agreements.propose(
        amina,
        entry.id,
        document,
        ends=day,
        label="place",
        until=until,
    )
    records.agreements.accept(leo, made)
