"""The supervisor's overview on a page."""

from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade_tools import collect
from cascade_tools.errors import SignedOut
from cascade_tools.model.seen import PairSeen
from cascade_tools.widgets.overview import SHOW, base_address, overview_view
from tests.collect.paper_desk import HOSTILE, NOON, TODAY, PaperDesk, caseloads, coach, share

ASKED_AND_SHOWN = {"today": "Today", "before": "Before then"}
FILTERS = [value for _, value in SHOW]
PAGE_TAGS = {
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "div", "span", "p", "br", "bdi"),
    *("strong", "em", "ul", "li", "a", "details", "summary"),
}
PAGE_ATTRIBUTES = {"class", "role", "scope", "data-label", "href"}


class Reading(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, rows, cells and links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())


class Page:
    """The view of a desk, as a person meets it: a head, a filter and a table."""

    def __init__(self, *coaches, base="/"):
        self.desk = PaperDesk(coaches=coaches)
        rows = collect.overview(self.desk, today=TODAY)
        self.head, self.filter, self.table = overview_view(
            rows, self.desk.caseload, base=base
        ).children

    def show(self, value):
        self.filter.value = value
        return self

    @property
    def html(self):
        return self.head.value + self.table.value

    @property
    def rows(self):
        """The body rows: a list of cells each."""
        return Reading(self.table.value).rows[1:]

    @property
    def names(self):
        return [row[0] for row in self.rows]


def test_the_head_says_how_many_you_hold():
    """The head counts coaches and the pairs that have not ended."""
    ended = PairSeen("the hospice", 5, 5, None, date(2027, 5, 1))
    page = Page(coach("c1"), coach("c2", pairs=(ended,)))
    assert (
        " ".join(Reading(f"<tr><td>{page.head.value}").rows[0]) == "You hold 2 coaches and 1 pair."
    )


def test_columns_stand_in_order():
    """The table has the eight columns of a supervisor's overview, in their order."""
    assert Reading(Page(coach("c1")).table.value).rows[0] == [
        *("Coach", "Their leaders", "Asked to talk", "You last talked", "Next date"),
        *("Supervisions", "Last session we know of", "Shared and not yet read"),
    ]


def test_a_row_in_words():
    """Every cell says its fact in words."""
    page = Page(coach("c1", unread=(share("s1", session=None, label=""),)))
    assert page.rows == [
        [
            "Coach c1",
            "the carers’ charity",
            "Has not asked",
            "3 weeks ago",
            "8 June 2027",
            "4 held, 3 cancelled (1 by coach; 2 by programme)",
            "the carers’ charity: 3 of 5",
            "After I coach, shared on 3 May 2027",
        ]
    ]


def test_empty_cells_speak():
    """Where there is nothing, the cell says so kindly."""
    page = Page(
        coach("a", shared=0, last_talked=TODAY - timedelta(weeks=3)),
        coach("b", shared=0, last_talked=None, next_talk=None, pairs=()),
        coach("c", shared=2, last_talked=TODAY),
    )
    said = {row[0]: row for row in page.rows}
    assert said["Coach a"][7] == (
        "Nothing shared yet. That may be fine: sharing is theirs to choose. "
        "You last talked 3 weeks ago."
    )
    assert said["Coach b"][7].endswith("You have not talked yet.")
    assert said["Coach b"][3] == "Not yet. With you since 11 January 2027"
    assert said["Coach b"][1] == "No leader yet"
    assert said["Coach b"][4] == "No date yet"
    assert said["Coach c"][7] == "You have read everything they share with you."
    assert said["Coach c"][3] == "Less than a week ago"
    assert all(cell for row in page.rows for cell in row)


def test_who_asked_today_can_be_rung():
    """The phone number stands in the row of whoever asked to talk today, and in no other."""
    page = Page(
        coach("a", asked="today", asked_at=NOON, phone="(029) 2018 0001"),
        coach("b", asked="before", asked_at=NOON, phone="029 2018 0002"),
        coach("c", phone="029 2018 0003"),
        coach("d", asked="today", phone=""),
    )
    said = {row[0]: row[2] for row in page.rows}
    assert said["Coach a"] == "Today Asked on 3 May 2027 Ring (029) 2018 0001"
    assert said["Coach b"] == "Before then Asked on 3 May 2027"
    assert said["Coach d"] == "Today The kit has no phone number for them."
    assert "tel:02920180001" in Reading(page.html).links
    assert "0002" not in page.html
    assert "0003" not in page.html


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("everyone", ["today", "before", "never", "long", "unread", "quiet"]),
        ("asked", ["today", "before"]),
        ("unread", ["today", "before", "unread"]),
        ("long-ago", ["today", "before", "never", "long"]),
    ],
)
def test_the_filter_shows(shown, names):
    """Each choice of the filter shows its coaches, under those who have asked to talk."""
    ago = {n: TODAY - timedelta(weeks=n) for n in (1, 2, 4)}
    page = Page(
        coach("1", name="quiet", last_talked=ago[1], asked="next"),
        coach("2", name="unread", last_talked=ago[2], unread=(share("s1"),)),
        coach("3", name="long", last_talked=ago[4]),
        coach("4", name="never", last_talked=None),
        coach("5", name="before", last_talked=ago[1], asked="before"),
        coach("6", name="today", last_talked=ago[1], asked="today"),
    )
    assert page.show(shown).names == names


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(caseloads(), st.sampled_from(FILTERS))
def test_asked_rows_stay_on_top(coaches, shown):
    """Whatever the caseload and the filter, today and before then come first and are all there."""
    rows = Page(*coaches).show(shown).rows
    asked = [next((k for k, w in ASKED_AND_SHOWN.items() if r[2].startswith(w)), "") for r in rows]
    assert asked == sorted(asked, key=["today", "before", ""].index)
    for code in ASKED_AND_SHOWN:
        assert asked.count(code) == sum(c.asked == code for c in coaches)


def test_somebody_who_asks_while_the_page_is_open_comes_to_the_top():
    """The caseload is asked again at a change of the filter, and its news moves the row."""
    page = Page(coach("a", last_talked=None), coach("b"))
    assert page.names == ["Coach a", "Coach b"]
    page.desk.coaches[1] = coach("b", asked="today")
    assert page.show("long-ago").names == ["Coach b", "Coach a"]


def test_a_stopped_share_is_gone_from_an_open_page():
    """A share that was stopped has no link any more after the next change of the filter."""
    page = Page(coach("a", unread=(share("s1"),)), coach("b"))
    assert "/shared/s1" in Reading(page.html).links
    page.desk.coaches[:] = [coach("a")]
    page.show("long-ago").show("everyone")
    assert Reading(page.html).links == []
    assert page.names == ["Coach a"]


def test_a_page_that_may_no_longer_read_shows_nothing():
    """When the records refuse, the rows go, a sentence says why, and an answer brings them back."""
    desk = PaperDesk(coaches=[coach("a")])
    refused: list[str] = []

    def caseload():
        if refused:
            raise SignedOut(refused.pop())
        return desk.caseload()

    head, shown, table = overview_view(collect.overview(desk, today=TODAY), caseload).children
    assert "Coach a" in table.value
    refused.append("You are signed out. <Sign in> again.")
    shown.value = "unread"
    assert table.value == ""
    assert "You are signed out. &lt;Sign in&gt; again." in head.value
    shown.value = "everyone"
    assert "Coach a" in table.value
    assert "You hold" in head.value


@pytest.mark.parametrize(
    ("base", "start"),
    [
        *(("/", "/"), ("/x/", "/x/"), ("/x", "/x/"), ("", "/"), ("//evil.example", "/")),
        *(("https://evil.example/", "/"), ("javascript:", "/"), ("/\\evil", "/")),
        ('/"><script>/', "/%22%3E%3Cscript%3E/"),
    ],
)
def test_links_stay_on_this_server(base, start):
    """Links start from the base path, and from nothing that leads elsewhere."""
    assert base_address(base) == start
    page = Page(coach("a", unread=(share("a/b?c"),)), base=base)
    assert Reading(page.html).links == [f"{start}shared/a%2Fb%3Fc"]


def test_the_base_path_comes_from_the_environment(monkeypatch):
    """A served page's links start where the server says that it lives."""
    monkeypatch.setenv("CASCADE_BASE_URL", "/x/")
    assert "/x/shared/s1" in Page(coach("a", unread=(share("s1"),)), base=None).html


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(st.sampled_from(HOSTILE) | st.text(max_size=40))
def test_hostile_text_stays_text(words):
    """Names, labels, titles, phones and ids make no element, attribute or address of their own."""
    page = Page(
        coach(
            "c1",
            name=words,
            phone=words,
            asked="today",
            pairs=(PairSeen(words, 1, 5, None, None),),
            unread=(share(words, title=words, label=words),),
            cancelled={words: 1},
        ),
        coach("c2", name=words, asked=words),
    )
    for shown in FILTERS:
        reading = Reading(page.show(shown).html)
        assert reading.tags <= PAGE_TAGS
        assert reading.attributes <= PAGE_ATTRIBUTES
        assert all(link.startswith(("/shared/", "tel:")) for link in reading.links)
    plain = " ".join(words.split())
    assert plain in page.show("everyone").rows[0][0]


def test_twenty_coaches_and_two_hundred_shares():
    """A full caseload is one table; each coach's shares past three fold away, and none is lost."""
    coaches = [
        coach(f"c{n}", unread=tuple(share(f"s{n}-{m}") for m in range(10))) for n in range(20)
    ]
    page = Page(*coaches)
    assert len(page.rows) == 20
    assert len(set(Reading(page.html).links)) == 200
    assert "7 more" in page.rows[0][7]


def test_every_cell_of_a_card_names_its_column():
    """On a phone each cell carries its heading, and the table's roles are kept."""
    html = Page(coach("a")).table.value
    for heading in Reading(html).rows[0]:
        assert f'data-label="{heading}"' in html
    assert html.count('role="cell"') == 7
    assert html.count('role="columnheader"') == 8
    assert html.count('role="rowheader"') == 1


def test_nobody_yet():
    """Without coaches, and with a filter nobody fits, the page says so in a sentence."""
    assert "You hold no coaches yet" in Page().table.value
    assert "You hold <strong>0</strong> coaches" in Page().head.value
    assert "Nobody here at the moment (Asked to talk)." in Page(coach("a")).show("asked").html


def test_the_filter_is_a_labelled_select():
    """The filter is a native list named "Show", with the four ways to look."""
    shown = Page(coach("a")).filter
    assert type(shown).__name__ == "Dropdown"
    assert shown.description == "Show"
    assert [words for words, _ in shown.options] == [
        *("Everyone", "Asked to talk", "Not yet read", "Not talked for 4 weeks or more")
    ]
