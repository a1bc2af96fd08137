"""Every page and state that a person can meet, and the way there.

``STATES`` maps a name to a function that brings a fresh browser profile to it.  A state that was
reached is looked at from every side by ``test_pages``: contrast, names, widths, targets, headers.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect

from cascade_tools.kit import kit_folder
from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Role
from cascade_tools.model.workbook import NOW, Workbook
from cascade_tools.records import Records
from cascade_tools.shelf import open_shelf
from tests.browser import steps
from tests.browser.steps import BELOW, COACHING, MEETING, OVERVIEW
from tests.living import PASSPHRASE, House

# Words no title, address or log may carry.
WORDS = "Zebrafinch"
HALF_WAY = "pair/half-way-review"


@dataclass
class Reached:
    """A page in the state called ``name``, with everything that was asked for on the way."""

    name: str
    page: Page
    house: House
    asked: list[str] = field(default_factory=list)
    policies: dict[str, str] = field(default_factory=dict)

    @property
    def policy(self) -> str:
        """The content security policy of the document that is shown."""
        return self.policies.get(self.page.url.split("#")[0], "")


def kind(name: str) -> str:
    """The page a state belongs to."""
    return next((start for start in ALIKE if name.startswith(start)), name)


class Visits:
    """Browser profiles signed in once for each person."""

    def __init__(self, browser: Browser, house: House) -> None:
        self.browser, self.house = browser, house
        self._known: dict[str, object] = {}
        self._open: list[BrowserContext] = []

    def page(self, who: str | None, *, fresh: bool = False) -> Page:
        kept = self._known.get(who or "") if not fresh else None
        context = steps.profile(self.browser, **({"storage_state": kept} if kept else {}))
        self._open.append(context)
        page = context.new_page()
        if who is not None and kept is None:
            steps.sign_in(page, self.house, who)
            if not fresh:
                self._known[who] = context.storage_state()
        return page

    def close(self) -> None:
        for context in self._open:
            context.close()
        self._open.clear()


Way = Callable[[Visits, "Things"], Iterator[Page]]
STATES: dict[str, Way] = {}
# Names of states that are one page, for different people or at different moments, begin alike.
ALIKE = (
    "home",
    "check",
    "me of",
    "shared",
    "404",
    "sign-in",
    "invitation",
    "offline",
    "practice: ",
)


def state(name: str) -> Callable[[Way], Way]:
    def keep(way: Way) -> Way:
        STATES[name] = way
        return way

    return keep


@dataclass
class Things:
    """What was written in the house before anybody came to look at its pages."""

    house: House
    entry: str
    snapshot: str
    answered: str
    sheet: str
    meeting: str
    pair: str
    sealed: str
    sent: str
    sheets: dict[str, str]
    titles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def made(cls, house: House) -> "Things":
        full = dict.fromkeys((*steps.TEN, *steps.BALANCE), 2)
        session, _ = steps.new_session(house)
        longer = {"way": "longer", "what-happened": f"{WORDS} came late", "talk": "today"}
        entry = steps.written(house, "amina", COACHING, longer | full, session=session)
        snapshot = steps.handed(house, "amina", entry)
        answered = steps.handed(
            house, "amina", steps.reflection(house, what_happened=f"{WORDS} sang")
        )
        steps.reviewed(house, answered, f"{WORDS} and patience")
        deep = dict.fromkeys(
            ("after-presenting", "after-pattern", "after-relationships", "after-feelings"), "on"
        )
        deep |= {"after-assumptions": "on", "presenting": f"{WORDS} again", "up": "Wait"}
        sheet = steps.written(house, "leo", BELOW, deep)
        meeting = steps.recorded_meeting(house, f"{WORDS} in a cage")
        with house.records() as records:
            records.sharing.ask_to_talk(house.people["amina"].id, "today")
            sent = _sent(records)
        sealed = steps.both_sealed(house, HALF_WAY, f"{WORDS} at the window")
        steps.agreed(house, f"{WORDS} House")
        steps.long_untouched(house, "beth")
        sheets = {w.id: steps.any_entry(house, w, who) for w, who in whole_workbooks()}
        return cls(
            house, entry, snapshot, answered, sheet, meeting, house.pair, sealed, sent, sheets
        )


def _sent(records: Records) -> str:
    """An expression of interest that was sent; its id."""
    rule = {"name": "Income", "standing": "met", "sentence": "Your income is under the line."}
    answer = {"question": "Do you lead an organisation?", "words": "Yes"}
    pages = [{"title": "You and your organisation", "answers": [answer]}]
    body = {"title": "Is this for me?", "pages": pages, "last": []}
    body |= {"joining": [rule], "bursary": [rule]}
    records.submissions.send("leader/is-this-for-me", body)
    lead = next(p for p in records.people.all() if Role.LEAD in p.roles)
    return records.submissions.all(lead.id)[0].id


def whole_workbooks() -> list[tuple[Workbook, str]]:
    """Every workbook people write in, but the two whose pages are states of their own, each with
    somebody it is for."""
    found = []
    for workbook in open_shelf(kit_folder("workbooks") / "none").all():
        apart = workbook.desk or workbook.public or workbook.notice
        apart = apart or workbook.about in ("snapshot", "meeting")
        if not apart and workbook.id not in (COACHING, BELOW):
            found.append((workbook, "amina" if Role.COACH in workbook.roles else "leo"))
    return found


def watch(page: Page, reached: Reached) -> None:
    """Note every request and every document's policy from now on."""

    def heard(reply: Response) -> None:
        if reply.request.resource_type == "document":
            policy = reply.headers.get("content-security-policy", "")
            reached.policies[reply.url.split("#")[0]] = policy

    def asked(request: Request) -> None:
        reached.asked.append(request.url)

    page.context.on("request", asked)
    page.context.on("response", heard)
    page.on("websocket", lambda socket: reached.asked.append(socket.url))


def simple(name: str, who: str | None, path: str, heading: str) -> None:
    """A state that is just an address.  ``{entry}`` and the like are filled from ``Things``."""

    def way(visits: Visits, things: Things) -> Iterator[Page]:
        page = visits.page(who)
        yield page
        # The page as it is before any kernel; what kernels draw are states of their own.
        page.route("**/pictures", lambda route: None)
        page.goto(things.house.url + path.format(**vars(things)))
        expect(page.get_by_role("heading", name=re.compile(heading), level=1)).to_be_visible()

    STATES[name] = way


simple("sign-in", None, "sign-in", "Sign in")
simple("invitation", None, "invitation", "Choose a passphrase")
simple("signing in, mine", "eve", "me/signing-in", "Signing in")
simple("worried", None, "worried", "Worried about someone")
simple("not right", None, "something-is-not-right", "Something is not right")
simple("offline page", None, "offline", "You are offline")
simple("404", None, "no-such-page", "There is nothing here")
simple("404 signed in", "amina", "shared/" + "0" * 32, "There is nothing here")
simple("home of a coach", "amina", "", "Hello Amina")
simple("home of a leader", "leo", "", "Hello Leo")
simple("home of a supervisor", "sue", "", "Hello Sue")
simple("home of a lead", "pat", "", "Hello Pat")
simple("start a reflection", "amina", f"workbooks/{COACHING}", "After I coach")
simple("start below", "amina", f"workbooks/{BELOW}", "Going below the surface")
simple("start a meeting", "sue", f"workbooks/{MEETING}", "Our supervision")
simple("check", "amina", "entries/{entry}/check", "Check your answers")
simple("check a sheet", "leo", "entries/{sheet}/check", "Check your answers")
simple("check a meeting", "amina", "entries/{meeting}/check", "Check your answers")
simple("shared, its reader", "sue", "shared/{snapshot}", "From Amina Coachfield")
simple("shared, its author", "amina", "shared/{snapshot}", "What you shared")
simple("shared, answered", "amina", "shared/{answered}", "What you shared")
simple("briefs", "sue", "briefs", "Supervision briefs")
simple("brief", "sue", "briefs/{house.people[amina].id}", "Amina Coachfield")
simple("brief, nothing made", "sue", "briefs/making", "Nothing is being made")
simple("names", "amina", "me/names", "Names to watch for")
simple("erased soon", "beth", "me/keeping", "What will be erased")
simple("seen as", "amina", "entries/{entry}/as/{house.people[sue].id}", "As Sue Superfield")
simple("me of a coach", "amina", "me", "Amina Coachfield")
simple("me of a lead", "pat", "me", "Pat Leadfield")
simple("my data", "amina", "me/data", "My data")
simple("erasing a sheet", "leo", "entries/{sheet}/erase", "Before you erase this")
simple("erasing what is kept", "sue", "entries/{meeting}/erase", "This is kept")
simple("erasing everything", "leo", "me/data/erase", "Before you erase everything")


simple("pair", "leo", "pairs/{pair}", "^You and Amina")
simple("pair, ending early", "amina", "pairs/{pair}/end-early", "Before you end early")
simple("agreement", "leo", "pairs/{pair}/agreement", "Your agreement")
simple("side by side", "amina", "together/{sealed}", "side by side")
simple("check what was sealed", "amina", "entries/{sealed}/check", "Check your answers")
simple("welcome", "eve", "welcome", "Welcome")
simple("questions", "amina", "questions", "My questions")
simple("practice", "amina", "practice", "Practice")
simple("interest", None, "interest", "Is this for me")
simple("what was sent", "pat", "sent", "Given to the programme")
simple("one that was sent", "pat", "sent/{sent}", "-")
simple("start for a time", "leo", "workbooks/leader/where-i-am-now", "Where I am now")


def whole(workbook: Workbook, who: str) -> None:
    """All pages of a workbook at once, as they are without scripts and on paper."""

    def way(visits: Visits, things: Things) -> Iterator[Page]:
        page = visits.page(who)
        yield page
        page.route("**/pictures", lambda route: None)
        steps.entry_page(page, things.house, things.sheets[workbook.id])
        expect(page.get_by_role("heading", name=workbook.title, level=1)).to_be_visible()
        page.evaluate(steps.SHOW_ALL_PAGES)

    STATES[f"all of {workbook.id}"] = way


for one, reader in whole_workbooks():
    whole(one, reader)


def workbook_pages() -> None:
    """Each page of the coach's and the leader's workbook is a state of its own."""
    shelf = open_shelf(kit_folder("workbooks") / "none")
    for workbook, who, place in ((COACHING, "amina", "entry"), (BELOW, "leo", "sheet")):
        for page in (p for p in shelf.get(workbook).pages if p.is_due(NOW)):
            path = f"entries/{{{place}}}?page={page.id}"
            simple(f"{workbook.split('/')[0]}: {page.id}", who, path, "^(After I|Going below)")


workbook_pages()


@state("sign-in error")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page(None)
    yield page
    page.goto(things.house.url + "sign-in")
    page.get_by_label("Your name").fill("Nobody Nowherefield")
    page.get_by_label("Your passphrase").fill("not the right words")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not go together")


@state("invitation error")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page(None)
    yield page
    page.goto(things.house.url + "invitation#nosuchcode")
    page.get_by_label("Your passphrase").fill("short")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")


@state("passphrase error")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("eve")
    yield page
    page.goto(things.house.url + "me/signing-in")
    page.get_by_text("Change my passphrase").click()
    page.get_by_label("The one you have now").fill("wrong words altogether")
    page.get_by_label("The new one").fill("short")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")


@state("authenticator app, to set up")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page(None)
    yield page
    steps.type_passphrase(page, things.house, "sue")
    expect(page.get_by_label("The six digits it shows now")).to_be_visible()
    page.get_by_text("Type a key instead").click()


@state("authenticator app, its code")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page(None)
    yield page
    steps.with_app(things.house, "tom")
    steps.type_passphrase(page, things.house, "tom")
    page.get_by_label("The six digits your app shows").fill("no code")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("does not fit")


@state("recovery codes")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("pat")
    yield page
    codes = steps.with_app(things.house, "pat")
    page.goto(things.house.url + "me/signing-in/app")
    page.get_by_label("A code your app shows", exact=True).fill(codes[0])
    page.get_by_role("button", name="Make new codes").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


@state("check, with details")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    entry = steps.reflection(things.house, what_happened="Leo rang from 07700 900456.")
    page.goto(f"{things.house.url}entries/{entry}/check")
    expect(page.get_by_text("This looks like personal detail.")).to_be_visible()


@state("shared, until it was stopped")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("sue")
    yield page
    amina = things.house.people["amina"].id
    snapshot = steps.handed(things.house, "amina", steps.reflection(things.house))
    page.goto(f"{things.house.url}shared/{snapshot}")
    with things.house.records() as records:
        (share,) = [s for s in records.sharing.of(amina) if s.snapshot_id == snapshot]
        records.sharing.stop(amina, share.id)
    expect(page.get_by_text("no longer shares this")).to_be_visible()


@state("my data, on a shared computer")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page(None)
    yield page
    with things.house.records() as records:
        amina = things.house.people["amina"].id
        token = records.signing_in.sign_in(amina, shared=True)
    page.context.add_cookies([{"name": "cascade", "value": token, "url": things.house.origin}])
    page.goto(f"{things.house.url}me/data/page")
    expect(page.get_by_role("heading", name="Before you download")).to_be_visible()


@state("everything erased")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page(None)
    yield page
    with things.house.records() as records:
        name = f"Nia {secrets.token_hex(4)}"
        code = records.signing_in.invite(records.people.add(name, [Role.LEADER]).id, "a test")
        person = records.signing_in.accept(code, PASSPHRASE)
        records.consents.decide(person.id, KEEP, True, things.house.notice)
        token = records.signing_in.sign_in(person.id)
    page.context.add_cookies([{"name": "cascade", "value": token, "url": things.house.origin}])
    page.goto(f"{things.house.url}me/data/erase")
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", name="Everything of yours is erased")).to_be_visible()


@state("not possible")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("sue")
    yield page
    page.goto(things.house.url + f"workbooks/{MEETING}")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="That did not work")).to_be_visible()


@state("problem on an entry")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("sue")
    yield page
    steps.entry_page(page, things.house, things.meeting, "when")
    steps.fill_date(page, "on", "31", "2", "2027")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")


@state("conflict")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    entry = steps.reflection(things.house, what_happened="Before")
    steps.entry_page(page, things.house, entry, "what-happened")
    other = page.context.new_page()
    steps.entry_page(other, things.house, entry, "what-happened")
    steps.write(other, "what-happened", "From another tab")
    other.close()
    page.get_by_label("What happened, in five lines?").fill("From this tab")
    expect(page.get_by_role("button", name="Keep both")).to_be_visible()


@state("not saved yet")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    entry = steps.reflection(things.house, what_happened="Before")
    steps.entry_page(page, things.house, entry, "what-happened")
    page.context.set_offline(True)
    page.get_by_label("What happened, in five lines?").fill("On the train")
    expect(page.locator(".waiting-line")).to_be_visible()


@state("cover")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina", fresh=True)
    yield page
    entry = steps.reflection(things.house, what_happened="Before")
    steps.entry_page(page, things.house, entry, "what-happened")
    other = page.context.new_page()
    other.goto(things.house.url + "worried")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    other.close()
    page.get_by_label("What happened, in five lines?").fill("Gone for tea")
    expect(page.get_by_role("dialog")).to_be_visible()


@state("panel: ring today")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    steps.entry_page(page, things.house, things.entry, "talking-it-over")
    expect(page.locator("#prompt-talk .panel")).to_be_visible()


@state("panel: worried")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    steps.entry_page(page, things.house, things.entry, "is-everyone-safe")
    page.locator("label[for=q-safety-yes]").click()
    expect(page.locator("#prompt-safety .panel").first).to_be_visible()


@state("preview")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    page.goto(f"{things.house.url}entries/{things.entry}/check")
    page.get_by_role("button", name="See exactly what").click()
    expect(page.get_by_role("heading", name="What Sue Superfield will see")).to_be_visible()


def _asked_for_a_copy(things: Things) -> str:
    """Leo has asked for a copy, and the lead has asked Amina; where she looks at her sheet."""
    people = things.house.people
    with things.house.records() as records:
        request = records.requests.ask(people["leo"].id, "copy")
        records.others_words.ask(people["pat"].id, request, people["amina"].id)
        waiting = records.others_words.asked_of(people["amina"].id)
    return next(one.id for one in waiting if one.entry_id == things.entry)


@state("complaints and requests")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("pat")
    yield page
    _asked_for_a_copy(things)
    page.goto(f"{things.house.url}requests")
    page.get_by_text("Note one that came in another way").click()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what it is about.")


@state("asked for a copy")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    page.goto(f"{things.house.url}asked/{_asked_for_a_copy(things)}")
    page.get_by_text("Choose the parts").click()
    expect(page.get_by_role("heading", name="Leo Leaderfield asks for a copy")).to_be_visible()


@state("kernel's thinking picture")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    steps.entry_page(page, things.house, things.entry, "your-picture-of-the-thinking")
    expect(steps.picture(page, "thinking")).to_be_visible(timeout=steps.KERNEL_MS)
    _unfold(page)


@state("kernel's balance picture")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    steps.entry_page(page, things.house, things.entry, "your-picture-of-the-balance")
    expect(steps.picture(page, "balance")).to_be_visible(timeout=steps.KERNEL_MS)
    _unfold(page)


@state("kernel's iceberg")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("leo")
    yield page
    steps.entry_page(page, things.house, things.sheet, "the-whole-of-it")
    expect(steps.picture(page, "iceberg")).to_be_visible(timeout=steps.KERNEL_MS)


@state("picture that cannot be drawn")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    page.route("**/pictures", lambda route: route.abort())
    steps.entry_page(page, things.house, things.entry, "your-picture-of-the-thinking")
    expect(page.locator(".current").get_by_role("button", name="Redraw")).to_be_visible()
    expect(steps.own_picture(page, "thinking")).to_be_visible()


@state("overview")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("sue")
    yield page
    page.goto(f"{things.house.url}workbooks/{OVERVIEW}")
    expect(page.locator(".overview table")).to_be_visible()


@state("one pair, session by session")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("amina")
    yield page
    page.goto(f"{things.house.url}pairs/{things.house.pair}/sessions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Session by session")


@state("one pair, session by session, as its coach shares it")
def _(visits: Visits, things: Things) -> Iterator[Page]:
    page = visits.page("sue")
    yield page
    coach = things.house.people["amina"].id
    page.goto(f"{things.house.url}coaches/{coach}/pairs/{things.house.pair}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Session by session")


def talking(name: str, who: str, address: str) -> None:
    """Where two people talk about one answer: ``address`` is about the copy or the draft."""

    def way(visits: Visits, things: Things) -> Iterator[Page]:
        page = visits.page(who)
        yield page
        copy, draft = steps.talked(things.house, WORDS)
        page.goto(things.house.url + address.format(copy=copy, draft=draft))
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    STATES[name] = way


talking("boxes beside each answer", "sue", "entries/{draft}?page=answer-by-answer")
talking("check of an answer", "sue", "entries/{draft}/check")
talking("rounds", "sue", "shared/{copy}/rounds")


def practising(name: str, path: str, *presses: str | re.Pattern[str]) -> None:
    """A conversation or a drill, some presses on."""

    def way(visits: Visits, things: Things) -> Iterator[Page]:
        page = visits.page("amina")
        yield page
        page.goto(f"{things.house.url}practice/{path}")
        for press in presses:
            page.get_by_role("button", name=press).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    STATES[f"practice: {name}"] = way


TICKS_OVER = "conversations/v1-the-board-that-just-ticks-over"
TO_THE_END = (re.compile("What would a good board"), re.compile("let's build you"))
practising("a turn", TICKS_OVER, TO_THE_END[0])
practising("looking back", TICKS_OVER, *TO_THE_END, "Look back at it")
practising("stopped", "conversations/v8-a-worry-about-a-child", re.compile("^Don't worry"))
practising("spot", "drills/1-spot-it", "Leading")
practising("turn", "drills/2-turn-it-round", "Look at two other ways")
practising("order", "drills/3-put-in-order", "Look at one good order")
practising("silence", "drills/4-hold-the-silence", "30 seconds")
practising("advice", "drills/5-when-advice-is-right", "Hold it for now")


def _unfold(page: Page) -> None:
    for fold in page.locator(".current .picture details:not([open]) > summary").all():
        with suppress(Exception):
            fold.click(timeout=1000)


def reach(name: str, visits: Visits, things: Things) -> Reached:
    """Go to a state, noting what is asked for on the way."""
    way = STATES[name](visits, things)
    page = next(way)
    reached = Reached(name, page, things.house)
    watch(page, reached)
    for _ in way:
        raise AssertionError("a way yields once")
    return reached
