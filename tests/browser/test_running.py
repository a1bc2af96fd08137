"""How it is running, and what a funder is told, on a screen and on paper."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cascade_tools.model.knowledge import (
    MOST_CHARACTERS,
    MOST_IN_NAME,
    MOST_IN_TITLE,
    PrintedTheme,
    ReleasedNote,
)
from cascade_tools.records.knowledge_rows import note_row
from tests.browser.test_interest import sound
from tests.living import House

Visit = Callable[..., Page]
RUNNING = "workbooks/programme/how-it-is-running"
FUNDER = "workbooks/programme/what-we-can-tell-a-funder"
A4 = {"format": "A4", "prefer_css_page_size": True, "print_background": False}
THEMES = tuple(
    PrintedTheme(
        round,
        "Wm " * (MOST_IN_NAME // 3),
        "at least 5 cards",
        ("mW " * (MOST_CHARACTERS // 3),),
    )
    for round in ("worked", "in-the-way", "where-else", "next-cohort")
    for _ in range(3)
)


def on_paper(page: Page) -> list[str]:
    """The words of each printed page."""
    return [one.extract_text() for one in PdfReader(BytesIO(page.pdf(**A4))).pages]


def count(page: Page, words: str) -> str:
    """What the page says of one count, where it can be seen."""
    row = page.locator("dl.counts > div:visible", has=page.locator(f"dt:has-text('{words}')"))
    return row.locator("dd").inner_text()


def fill_with(house: House, note: ReleasedNote) -> None:
    with house.records() as records, records.store.database.writing() as s:
        s.merge(note_row(records.store, note))


def test_a_lead_sees_exact_numbers_and_prints_bands(house: House, visit: Visit) -> None:
    """On the lead's screen every count is exact and the pairs before their first session are
    named; on paper there are bands of five, and nobody's name: one sheet, also with themes."""
    lead = visit(house, "pat")
    lead.goto(house.url + RUNNING)
    assert count(lead, "Leaders matched with a coach") == "2"
    assert count(lead, "Sessions held") == "2 of 10 (20%)"
    assert count(lead, "The reason for the match is written down") == "0 of 2 (0%)"
    expect(lead.locator(".ready")).to_contain_text("Beth Coachfield and the youth project")
    expect(lead.locator(".ready")).to_contain_text("Still missing: an agreement with a date;")
    expect(lead.get_by_role("link", name="Read what they wrote")).to_have_attribute("href", "/sent")
    for width in (1100, 320):
        lead.set_viewport_size({"width": width, "height": 800})
        sound(lead)
    lead.emulate_media(color_scheme="dark", forced_colors="active")
    sound(lead)
    lead.emulate_media(color_scheme="light", forced_colors="none")
    (paper,) = on_paper(lead)
    assert "fewer than 5" in paper
    assert "20%" not in paper
    assert "2 of 10" not in paper
    for name in ("Beth", "youth", "Ready?", "Tom Super"):
        assert name not in paper
    day = datetime.now(UTC).date()
    fill_with(house, ReleasedNote("e" * 32, "A note", "", day, {}, THEMES[::2], day))
    lead.reload()
    (paper,) = on_paper(lead)
    assert "Themes of the newest learning note: Wm" in " ".join(paper.split())
    lead.emulate_media(media="print")
    assert count(lead, "Leaders matched with a coach") == "fewer than 5"


def test_an_evaluator_sees_bands_only(house: House, visit: Visit) -> None:
    """No exact count, and no list of pairs, is anywhere in the page that is sent; without scripts
    it is the same."""
    eve = visit(house, "eve", width=320, java_script_enabled=False)
    eve.goto(house.url + RUNNING)
    assert count(eve, "Leaders matched with a coach") == "fewer than 5"
    html = eve.content()
    for never in (
        "Ready?",
        "Beth Coachfield",
        "youth project",
        "%)",
        "These numbers are exact",
        'href="/sent"',
    ):
        assert never not in html
    assert eve.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_a_funder_gets_one_page_however_much_there_is(
    build: Callable[..., House], visit: Visit
) -> None:
    """One sheet of A4: with nothing to tell, and with as much as there can be; the same on the
    screen and on paper, for leads and evaluators, and nothing about a person."""
    house = build(
        programme_name="The Largest Programme of Its Kind " * 4, places_offered=24
    ).start()
    page = visit(house, "pat")
    page.goto(house.url + FUNDER)
    (paper,) = on_paper(page)
    assert "We do not report on any person." in paper
    assert "There is no learning note yet." in paper
    day = datetime.now(UTC).date() - timedelta(days=9)
    fill_with(house, ReleasedNote("e" * 32, "W" * MOST_IN_TITLE, "", day, {}, THEMES, day))
    with house.records() as records:
        for number in range(24):
            records.feedback.give(
                "coach/after-i-coach", ("yes", "partly")[number % 2], "Zebrafinch"
            )
    for who in ("pat", "eve"):
        page = visit(house, who)
        page.goto(house.url + FUNDER)
        article = page.locator("article.funder")
        expect(article).to_contain_text("Of 24 that were offered.")
        expect(article).to_contain_text("Yes: 10 to 14; Partly: 10 to 14; No: fewer than 5")
        expect(article.locator("blockquote")).to_have_count(4)
        (paper,) = on_paper(page)
        assert "What we can tell a funder" not in paper
        assert "Was this useful?" in paper
        for never in ("Zebrafinch", "Amina", "carers", "2 of 10"):
            assert never not in paper + page.content()
        for width in (1100, 320):
            page.set_viewport_size({"width": width, "height": 800})
            sound(page)
