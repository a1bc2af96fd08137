"""The supervisor's overview as it is written into the page, and as text."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools.draw.overview import overview_html, overview_text
from cascade_tools.model.caseload import SHOWS
from cascade_tools.model.seen import CoachSeen, PairSeen
from cascade_tools.server.addresses import Addresses
from tests.collect.paper_desk import HOSTILE, NOON, TODAY, caseloads, coach, share

TAGS = {
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "div", "span", "p", "br", "bdi"),
    *("strong", "ul", "li", "a", "details", "summary", "nav", "dl", "dt", "dd"),
}
ATTRIBUTES = {
    *("class", "role", "scope", "href", "aria-label", "aria-current"),
    *("data-label", "data-id", "data-standing", "data-gone"),
}


def day(at: datetime | date) -> str:
    return f"{at.day} {at:%B %Y}"


class Page(HTMLParser):
    """What a browser makes of the overview: elements, attributes, links, rows, cells, glance."""

    def __init__(self, coaches: Sequence[CoachSeen], show: str = "everyone", base: str = "/"):
        super().__init__()
        to = Addresses(base).to
        here = to("workbooks/supervisor/my-overview")
        self.html = str(
            overview_html(coaches, show, TODAY, day, to, lambda code: f"{here}?show={code}")
        )
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.chosen: list[str] = []
        self.ids: list[str] = []
        self.rows: list[list[str]] = []
        self.said = ""
        self.feed(self.html)
        self.close()
        self.said = " ".join(self.said.split())

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        found = dict(attrs)
        self.attributes |= set(found)
        if "href" in found:
            self.links.append(found["href"])
            self.chosen += [found["href"]] if "aria-current" in found else []
        self.ids += [found["data-id"]] if "data-id" in found else []
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        self.said += data + " "
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())

    @property
    def names(self) -> list[str]:
        return [row[0] for row in self.rows[1:]]

    def row(self, name: str) -> list[str]:
        return next(row for row in self.rows[1:] if row[0].startswith(name))


def test_one_look_tells_who_asked_who_waits_longest_and_what_is_new():
    """Above the table stand who asked to talk, whom you have not talked with for longest, and how
    much is new; the head counts coaches and the pairs that have not ended."""
    ended = PairSeen("the hospice", 5, 5, None, date(2027, 5, 1))
    page = Page(
        [
            coach("a", asked="before", last_talked=TODAY),
            coach("b", asked="today", pairs=(ended,)),
            coach("c", last_talked=TODAY - timedelta(weeks=9), unread=(share("1"), share("2"))),
        ]
    )
    assert "You hold 3 coaches and 2 pairs." in page.said
    glance = page.said.partition("Asked to talk")[2].partition("Everyone")[0]
    assert glance.split("Longest since you talked")[0].split() == (
        ["Coach", "b", "today", "Coach", "a", "before", "then"]
    )
    assert "Longest since you talked Coach c 9 weeks ago" in page.said
    assert "New to read 2 sheets from 1 coach" in page.said
    calm = Page([coach("a", last_talked=None), coach("b")])
    assert "Asked to talk Nobody now" in calm.said
    assert "Longest since you talked Coach a Not yet. With you since" in calm.said
    assert "New to read Nothing new" in calm.said


def test_a_row_in_words():
    """Every cell says its fact in words; a link across the sessions only where something is
    shared about that pair."""
    page = Page([coach("c1", unread=(share("s1", session=None, label=""),))])
    assert page.rows == [
        ["Coach", "You two talked", "Their leaders", "Supervisions", "Shared and not yet read"],
        [
            "Coach c1",
            "3 weeks ago Next on 8 June 2027",
            "the carers’ charity session 3 of 5",
            "4 held, 3 cancelled (1 by coach; 2 by programme)",
            "After I coach, shared on 3 May 2027",
        ],
    ]
    pairs = (PairSeen("the hospice", 0, 5, None, TODAY, "p1", 2),)
    sharing = Page([coach("c1", pairs=pairs)])
    assert "/coaches/c1/pairs/p1" in sharing.links
    assert "none of 5 sessions that we know of, ended" in sharing.rows[1][2]


def test_empty_cells_speak():
    """Where there is nothing, the cell says so kindly."""
    page = Page(
        [
            coach("a", shared=0, last_talked=TODAY - timedelta(weeks=3)),
            coach("b", shared=0, last_talked=None, next_talk=None, pairs=()),
            coach("c", shared=2, last_talked=TODAY),
        ]
    )
    assert page.row("Coach a")[4] == (
        "Nothing shared yet. That may be fine: sharing is theirs to choose. "
        "You last talked 3 weeks ago."
    )
    assert page.row("Coach b")[4].endswith("You have not talked yet.")
    assert page.row("Coach b")[1] == "Not yet. With you since 11 January 2027 No next date yet"
    assert page.row("Coach b")[2] == "No leader yet"
    assert page.row("Coach c")[4] == "You have read everything they share with you."
    assert page.row("Coach c")[1].startswith("Less than a week ago")
    assert all(cell for row in page.rows for cell in row)


def test_who_asked_today_can_be_rung():
    """The phone number stands in the row of whoever asked to talk today, and in no other."""
    page = Page(
        [
            coach("a", asked="today", asked_at=NOON, phone="(029) 2018 0001"),
            coach("b", asked="before", asked_at=NOON, phone="029 2018 0002"),
            coach("c", phone="029 2018 0003"),
            coach("d", asked="today", phone=""),
        ]
    )
    said = "Coach a Today : asked to talk on 3 May 2027 Ring (029) 2018 0001"
    assert page.row("Coach a")[0] == said
    assert page.row("Coach b")[0] == "Coach b Before then : asked to talk on 3 May 2027"
    assert page.row("Coach d")[0].endswith("The kit has no phone number for them.")
    assert "tel:02920180001" in page.links
    assert "0002" not in page.html
    assert "0003" not in page.html


@settings(deadline=None, max_examples=40)  # the machine may be busy; time is not what is tested
@given(caseloads(), st.sampled_from([*SHOWS, "anything"]))
def test_asked_rows_stay_on_top(coaches, show):
    """Whatever the caseload and the filter, today and before then come first and are all there."""
    page = Page(coaches, show)
    asked = (
        [
            next((c.asked for c in coaches if c.id == at and c.asked in ("today", "before")), "")
            for at in page.ids
            if at in {c.id for c in coaches}
        ][-len(page.rows[1:]) :]
        if page.rows
        else []
    )
    assert asked == sorted(asked, key=["today", "before", ""].index)
    for code in ("today", "before"):
        assert asked.count(code) == sum(c.asked == code for c in coaches)


@pytest.mark.parametrize("show", [*SHOWS, "' onmouseover='alert(1)", ""])
def test_the_ways_to_look_are_links_with_codes(show):
    """Four links with a code each; the chosen one is marked, and an unknown code is everyone.
    What was asked for is never said back."""
    page = Page([coach("a", asked="today"), coach("b")], show)
    here = "/workbooks/supervisor/my-overview?show="
    assert [x for x in page.links if x.startswith(here)] == [here + code for code in SHOWS]
    assert page.chosen == [here + (show if show in SHOWS else "everyone")]
    assert "onmouseover" not in page.html


def test_nobody_fits_or_nobody_is_there():
    """Without coaches, and with a way to look that fits nobody, the page says so in a sentence."""
    assert "You hold no coaches yet" in Page([]).said
    page = Page([coach("a")], "asked")
    assert "Nobody here at the moment (Asked to talk)." in page.said
    assert page.rows == []


@settings(deadline=None, max_examples=40)  # the machine may be busy; time is not what is tested
@given(st.sampled_from(HOSTILE) | st.text(max_size=40))
def test_hostile_text_stays_text(words):
    """Names, labels, titles, phones and ids make no element, attribute or address of their own."""
    coaches = [
        coach(
            "c1",
            name=words,
            phone=words,
            asked="today",
            pairs=(PairSeen(words, 1, 5, None, None, words, 1),),
            unread=(share(words, title=words, label=words),),
            cancelled={words: 1},
        ),
        coach("c2", name=words, asked=words),
    ]
    page = Page(coaches)
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    starts = ("/shared/", "/coaches/c1/pairs/", "/workbooks/supervisor/", "tel:")
    assert all(link.startswith(starts) for link in page.links)
    assert " ".join(words.split()) in page.rows[1][0]


def test_twenty_coaches_and_two_hundred_shares():
    """A full caseload is one table; each coach's shares past three fold away, none is lost, and
    each can go from an open page by its id."""
    shares = [[share(f"s{n}-{m}") for m in range(10)] for n in range(20)]
    page = Page([coach(f"c{n}", unread=tuple(own)) for n, own in enumerate(shares)])
    assert len(page.names) == 20
    assert "7 more" in page.rows[1][4]
    ids = {one.id for own in shares for one in own}
    assert {x.removeprefix("/shared/") for x in page.links} >= ids
    assert set(page.ids) >= ids | {f"c{n}" for n in range(20)}


def test_links_stay_below_the_base():
    """Behind a proxy every link and question starts with the base path."""
    page = Page([coach("a", unread=(share("s1"),))], base="/x/")
    assert all(link.startswith("/x/") for link in page.links)
    assert 'data-standing="/x/coaches/still"' in page.html


def test_every_cell_of_a_card_names_its_column():
    """On a phone each cell carries its heading, and the table's roles are kept."""
    page = Page([coach("a")])
    for heading in page.rows[0]:
        assert f'data-label="{heading}"' in page.html
    for role, count in (("cell", 4), ("columnheader", 5), ("rowheader", 1)):
        assert page.html.count(f'role="{role}"') == count


def test_the_text_says_the_same():
    """On the command line the rows come in the same order, with the same filter and facts."""
    coaches = [
        coach("a", unread=(share("s1"),)),
        coach("b", asked="today", asked_at=NOON, next_talk=None, pairs=()),
        coach("c", asked="before"),
    ]
    assert overview_text(coaches, "everyone", TODAY, day).splitlines() == [
        "Coach b",
        "  Asked to talk: today, on 3 May 2027. Ring 029 2018 0000",
        "  You last talked: 3 weeks ago",
        "  Next date: none yet",
        "  Supervisions: 4 held, 3 cancelled (1 by coach; 2 by programme)",
        "  No leader yet",
        "  You have read everything they share with you.",
        "",
        "Coach c",
        "  Asked to talk: before then",
        "  You last talked: 3 weeks ago",
        "  Next date: 8 June 2027",
        "  Supervisions: 4 held, 3 cancelled (1 by coach; 2 by programme)",
        "  Leader: the carers’ charity, session 3 of 5",
        "  You have read everything they share with you.",
        "",
        "Coach a",
        "  You last talked: 3 weeks ago",
        "  Next date: 8 June 2027",
        "  Supervisions: 4 held, 3 cancelled (1 by coach; 2 by programme)",
        "  Leader: the carers’ charity, session 3 of 5",
        "  Not yet read: After I coach, the carers’ charity, session 3, shared on 3 May 2027",
    ]
    hostile = overview_text([coach("a", name="A\x1b]0;x\x07\r\nB")], "everyone", TODAY, day)
    assert hostile.splitlines()[0] == "A ]0;x   B"
    assert "Coach a" not in overview_text(coaches, "asked", TODAY, day)
    assert overview_text([], "everyone", TODAY, day) == "You hold no coaches yet."
    assert overview_text(coaches[:1], "asked", TODAY, day) == "Nobody here at the moment."
