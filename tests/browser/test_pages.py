"""Every page, in every state: for anybody who looks, at any width, in any light."""

from collections.abc import Iterator
from importlib.metadata import version

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.states import STATES, WORDS, Reached, Things, Visits, kind, reach
from tests.living import House

# States of a page that another state stands for already.
WITHIN = ("kernel", "conflict", "not saved", "cover", "panel", "picture", "problem", "passphrase")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
AXE = "async () => await axe.run(document, {resultTypes: ['violations']})"

# Sizes in CSS pixels of everything that can be pressed.  A radio button or a box is as big as its
# label; a link in a sentence is as high as its line (the exception of WCAG 2.5.8).
TARGETS = """() => {
  const small = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length
    && !e.closest(".unseen, .skip, .jp-OutputPrompt");
  const note = (e, w, h, least) => {
    if (w < least - 0.5 || h < least - 0.5)
      small.push(`${e.outerHTML.slice(0, 90)} is ${Math.round(w)} by ${Math.round(h)}`);
  };
  for (const e of document.querySelectorAll("button, input, textarea, select, summary")) {
    if (!shown(e) || e.type === "hidden") continue;
    const label = /radio|checkbox/.test(e.type) ? e.labels[0] : e;
    const box = label.getBoundingClientRect();
    note(label, e.tagName === "SUMMARY" ? 44 : box.width, box.height, 44);
  }
  for (const e of document.querySelectorAll("a[href]")) {
    if (!shown(e)) continue;
    const words = [...e.parentElement.childNodes].filter((n) => n.nodeType === 3);
    const style = getComputedStyle(e), spoken = /[\\p{L}\\p{N}]/u;
    if (words.some((n) => spoken.test(n.textContent)) && style.display === "inline") {
      note(e, 24, parseFloat(style.lineHeight), 24);
      continue;
    }
    const box = e.getBoundingClientRect();
    note(e, box.width, box.height, 24);
  }
  return small;
}"""
SIDEWAYS = """() => {
  const root = document.scrollingElement, most = root.clientWidth;
  const out = [...document.querySelectorAll("body *")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > most + 1
      && !e.closest(".unseen, .skip, svg, .arriving"))
    .map((e) => e.outerHTML.slice(0, 80));
  return root.scrollWidth > most ? [root.scrollWidth - most, out.slice(0, 4)] : null;
}"""
EDGELESS = """() => {
  const boxes = "button, textarea, select, input[type=text], input[type=password]";
  return [...document.querySelectorAll(boxes)]
    .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.matches(".link, .clear"))
    .filter((e) => getComputedStyle(e).borderStyle === "none")
    .map((e) => e.outerHTML.slice(0, 90));
}"""
MOVING = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !e.closest(".jupyter-widgets"))
  .filter((e) => {
    const s = getComputedStyle(e);
    return s.animationName !== "none" || parseFloat(s.transitionDuration) > 0.01;
  })
  .map((e) => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def things(house: House) -> Things:
    return Things.made(house)


@pytest.fixture(scope="module")
def visits(browser: Browser, house: House) -> Iterator[Visits]:
    visits = Visits(browser, house)
    yield visits
    visits.close()


@pytest.fixture(scope="module", params=list(STATES))
def reached(request: pytest.FixtureRequest, visits: Visits, things: Things) -> Iterator[Reached]:
    """One state, reached once and looked at by every test below."""
    yield reach(request.param, visits, things)
    visits.close()


@pytest.fixture(autouse=True)
def as_it_was(reached: Reached) -> Iterator[None]:
    """Each test leaves the page as it found it."""
    yield
    reached.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    reached.page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion=None)


@pytest.mark.parametrize(
    ("size", "light"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide, light", "320, dark"]
)
def test_axe_finds_nothing(reached: Reached, size: dict[str, int], light: str) -> None:
    """axe finds no fault: names, roles, contrast, order, in both colour schemes and widths."""
    page = reached.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    # Without motion: a colour on its way to another is no colour to judge.
    page.emulate_media(color_scheme=light, reduced_motion="reduce")  # type: ignore[arg-type]
    if not page.evaluate("typeof axe === 'object'"):
        # Evaluated, not added as a script: the page allows none but its own.
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE)
    print(f"axe {found['testEngine']['version']} ({version('axe-playwright-python')})")
    assert [
        (v["id"], [n["html"][:160] for n in v["nodes"][:4]], v["nodes"][0]["failureSummary"][:200])
        for v in found["violations"]
    ] == []


def test_nothing_scrolls_sideways(reached: Reached) -> None:
    """At 320 pixels, at 200% zoom of a desktop window, and at 200% on a window half as wide,
    everything is there without scrolling sideways."""
    page = reached.page
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert page.evaluate(SIDEWAYS) is None
    page.set_viewport_size({"width": 640, "height": 450})
    assert page.evaluate(SIDEWAYS) is None
    page.evaluate("document.documentElement.style.zoom = '2'")
    zoomed = page.evaluate(SIDEWAYS)
    page.evaluate("document.documentElement.style.zoom = ''")
    assert zoomed is None


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "320"])
def test_everything_is_big_enough_to_press(reached: Reached, size: dict[str, int]) -> None:
    """Buttons, boxes and answers are at least 44 pixels high and wide, other links 24."""
    reached.page.set_viewport_size(size)  # type: ignore[arg-type]
    assert reached.page.evaluate(TARGETS) == []


def test_no_other_host_is_asked(reached: Reached) -> None:
    """Nothing on any page comes from, or goes to, another computer."""
    own = (reached.house.origin, reached.house.origin.replace("http", "ws"), "blob:", "data:")
    assert [a for a in reached.asked if not a.startswith(own)] == []
    assert reached.asked


def test_the_policy_is_strict(reached: Reached) -> None:
    """Every page allows scripts and styles of its own only; no inline script, no eval, no frame.
    Only a page that starts a kernel allows what Voila's widgets need."""
    rules = dict(
        rule.strip().split(" ", 1) for rule in reached.policy.split(";") if " " in rule.strip()
    )
    thinks = reached.page.locator("#rendered_cells").count() > 0
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == ("'self' blob:" if thinks else "'self'")
    assert rules["style-src"] == ("'self' 'unsafe-inline'" if thinks else "'self'")
    assert rules["connect-src"] == "'self'"
    assert rules["img-src"] == "'self' data:"
    assert rules["form-action"] == "'self'"
    for closed in ("base-uri", "object-src", "frame-ancestors"):
        assert rules[closed] == "'none'"


def test_it_stands_in_forced_colours_and_without_motion(reached: Reached) -> None:
    """With forced colours every button and box keeps a visible edge, and the heading is there;
    with reduced motion nothing moves."""
    page = reached.page
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    heading = page.get_by_role("dialog").get_by_role("heading")
    if not heading.count():
        heading = page.get_by_role("heading", level=1)
    expect(heading.first).to_be_visible()
    edgeless = page.evaluate(EDGELESS)
    assert edgeless == []
    moving = page.evaluate(MOVING)
    assert moving == []


def test_the_title_says_where_one_is(reached: Reached, things: Things) -> None:
    """A title names page and kit, is no other page's title, begins with "Error: " exactly when
    there is a problem to put right, and never carries a word somebody wrote; nor does the
    address."""
    page = reached.page
    title = page.title()
    assert title.endswith(" · Cascade")
    wrong = page.locator(".summary", has_text="There is a problem").count() > 0
    assert title.startswith("Error: ") is wrong
    assert WORDS not in title
    plain = title.removeprefix("Error: ")
    if not reached.name.startswith(WITHIN):
        assert things.titles.setdefault(plain, kind(reached.name)) == kind(reached.name)
    assert WORDS not in page.url


def test_one_heading_leads_and_the_language_is_named(reached: Reached) -> None:
    """Each page has one first heading, a main part, and says that it is in British English."""
    page: Page = reached.page
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.locator("main h1").count() == 1
    assert page.locator("main").count() == 1


def test_help_stands_in_the_same_place(reached: Reached) -> None:
    """ "Worried about someone?" is the first link at the foot of every page."""
    first = reached.page.locator("footer a").first
    assert first.text_content() == "Worried about someone?"
    assert (first.get_attribute("href") or "").endswith("/worried")
