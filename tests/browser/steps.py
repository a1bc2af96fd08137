"""What people do on the pages, once, so that a journey reads like one."""

import re
from base64 import b32decode
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from cascade_tools.model.consent import KEEP
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Held, Role, Session
from cascade_tools.model.prompts import Answer, Kind, Prompt, Who
from cascade_tools.model.workbook import Workbook
from cascade_tools.records.second_step import STEP_SECONDS, code_at
from cascade_tools.shelf import open_shelf
from tests.living import PASSPHRASE, House

COACHING = "coach/after-i-coach"
BELOW = "leader/going-below-the-surface"
MEETING = "supervisor/our-supervision"
REVIEW = "supervisor/reviewing-a-reflection"
REPLY = "coach/answering-a-comment"
OVERVIEW = "supervisor/my-overview"

SAYS = Prompt("on--what-happened", Kind.LONG, "On “What happened, in five lines?”")
SAVED = re.compile(r"^Saved \d\d:\d\d$")
TEN = (
    *("ideas", "rescue", "their-work", "other-peoples-jobs", "between-sessions"),
    *("who-chose", "not-knowing", "credit", "disagree", "ending"),
)
BALANCE = ("ax-cb1", "ax-cb2", "ax-cb3", "ax-ld1", "ax-ld2", "ax-ld3", "ax-ld4")
# All pages of an entry at once, as they are without scripts and on paper.
SHOW_ALL_PAGES = """document.querySelectorAll('.page').forEach((p) =>
  { p.classList.add('current'); p.classList.remove('closed') })"""
KERNEL_MS = 60_000  # starting a kernel on a busy machine

expect.set_options(timeout=20_000)


# On a page


def sign_in(page: Page, house: House, who: str) -> None:
    """At home as this person; through the form where a passphrase is enough."""
    if house.by_form(who):
        type_passphrase(page, house, who)
    else:
        page.context.add_cookies(
            [
                {"name": n, "value": v, "url": house.origin, "httpOnly": True, "sameSite": "Lax"}
                for n, v in house.enter(who).items()
            ]
        )
        page.goto(house.url)
    page.get_by_role("heading", name="Hello").wait_for()


def type_passphrase(page: Page, house: House, who: str) -> None:
    """Fill in the sign-in page and send it."""
    page.goto(house.url + "sign-in")
    page.get_by_label("Your name").fill(house.people[who].name)
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()


def entry_page(page: Page, house: House, entry_id: str, at: str = "") -> None:
    """Open an entry, at one of its pages."""
    page.goto(f"{house.url}entries/{entry_id}" + (f"?page={at}" if at else ""))


def prompt(page: Page, key: str) -> Locator:
    return page.locator(f"#prompt-{key}")


def state_of(page: Page, key: str) -> Locator:
    """The quiet words under a question: "Saving…", "Saved 14:03"."""
    return prompt(page, key).locator(".saved")


def answered(page: Page, key: str) -> AbstractContextManager[object]:
    """Something within that makes the server answer a save of this question."""
    return page.expect_response(lambda r: r.url.endswith(f"/answers/{key}") and r.ok)


def write(page: Page, key: str, words: str) -> None:
    """Write into a question's box and wait until it is saved."""
    with answered(page, key):
        prompt(page, key).locator("textarea, input").fill(words)
    expect(state_of(page, key)).to_have_text(SAVED)


def choose(page: Page, key: str, code: str) -> None:
    """Choose an answer as people do, by its words, and wait until it is saved."""
    with answered(page, key):
        prompt(page, key).locator(f"label[for=q-{key}-{code}]").click()
    expect(page.locator(f"#q-{key}-{code}")).to_be_checked()
    expect(state_of(page, key)).to_have_text(SAVED)


def fill_date(page: Page, key: str, day: str, month: str, year: str) -> None:
    for part, value in (("day", day), ("month", month), ("year", year)):
        page.locator(f"#q-{key}-{part}, #{key}-{part}").fill(value)


def go_on(page: Page, heading: str) -> None:
    """Press Continue and arrive at the page with this heading."""
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def check_answers(page: Page) -> None:
    page.locator("#go-on").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()


def picture(page: Page, name: str) -> Locator:
    """The picture a kernel drew, once it has taken the place of the page's own."""
    return page.locator(f'.place[data-cell="show-{name}"] [data-cell]:not(.arriving) .picture')


def own_picture(page: Page, name: str) -> Locator:
    """The picture that came with the page."""
    return page.locator(f'.place[data-cell="show-{name}"] > .picture')


def share(page: Page, reader: str, *, ticks: bool = False) -> str:
    """From "Check your answers": look, then share everything; returns the snapshot's id."""
    if ticks:
        page.locator(".option-own label").click()
    page.get_by_role("button", name="See exactly what").click()
    page.get_by_role("button", name=f"Share this with {reader}").click()
    link = page.get_by_role("link", name=re.compile("^what you shared")).first
    return snapshot_id(link.get_attribute("href") or "")


def snapshot_id(address: str) -> str:
    found = re.search(r"/shared/([0-9a-f]{32})", address)
    assert found is not None, address
    return found.group(1)


def nothing_here(page: Page) -> None:
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


# In the records, for what a test needs but is not about


def with_app(house: House, who: str) -> list[str]:
    """This person has an authenticator app; returns its recovery codes."""
    person, now = house.people[who].id, int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    with house.records() as records:
        if records.second_step.on(person):
            return records.second_step.new_codes(person)
        records.second_step.begin(person)
        secret = records.second_step.begun(person)
        assert secret is not None
        code = code_at(b32decode(secret.base32), now)
        return records.second_step.confirm(person, "a test", code)


def new_session(house: House) -> tuple[str, int]:
    """One more session that Amina and Leo have held: its id and number."""
    with house.records() as records:
        pair = next(p for p in records.people.pairs_of(house.people["amina"].id))
        number = max(s.number for s in pair.sessions) + 1
        today = datetime.now(UTC).date()
        held = Session("", number, today - timedelta(days=1), Held.HELD)
        return records.people.add_session(pair.id, held), number


def new_coach(house: House, name: str, phone: str = "01632 960120") -> str:
    """One more coach of Sue's, with a pair; returns the short name to sign in by."""
    short = name.split()[0].lower()
    with house.records() as records:
        person = records.people.add(name, [Role.COACH], phone)
        records.signing_in.accept(records.signing_in.invite(person.id, "a test"), PASSPHRASE)
        records.consents.decide(person.id, KEEP, True, house.notice)
        records.people.supervise(house.people["sue"].id, person.id)
        today = datetime.now(UTC).date()
        pair = records.people.pair(person.id, None, f"{short}’s pair", today)
        records.people.add_session(pair, Session("", 1, today, Held.HELD))
    house.people[short] = person
    return short


def written(
    house: House,
    who: str,
    workbook: str,
    answers: Mapping[str, Answer],
    *,
    session: str | None = None,
) -> str:
    """An entry with these answers, as if its author had saved them; returns its id."""
    prompts = {p.key: p for p in open_shelf(house.folder.local).get(workbook).prompts}
    author = house.people[who].id
    with house.records() as records:
        pairs = [p for p in records.people.pairs_of(author) if p.coach.id == author]
        about: dict[str, str | None] = {}
        if workbook == COACHING:
            held = session or next(s.id for s in pairs[0].sessions if s.state is Held.HELD)
            about = {"pair_id": pairs[0].id, "session_id": held}
        entry = records.entries.start(author, workbook, **about)
        saved = records.entries.answers(author, entry.id)
        for count, (key, value) in enumerate(answers.items(), start=1):
            base = saved[key].revision if key in saved else 0
            records.entries.save(
                author, entry.id, prompts[key], value, base=base, writer="test", counter=count
            )
    return entry.id


def long_untouched(house: House, who: str) -> str:
    """A sheet that somebody has not changed for more than a year, and was told about; its id."""
    person, then = house.people[who].id, datetime.now(UTC) - timedelta(days=396)
    box = next(p for p in open_shelf(None).get(COACHING).prompts if p.key == "what-happened")
    with house.records(now=lambda: then) as records:
        entry = records.entries.start(person, COACHING)
        records.entries.save(person, entry.id, box, "Long ago", base=0, writer="t", counter=1)
    with house.records() as records:
        records.retention.run(records.store.now())
    return entry.id


def reflection(house: House, **answers: Answer) -> str:
    """A new reflection of Amina's on a session of its own; ``what_happened=...``; its id."""
    session, _ = new_session(house)
    keys = {key.replace("_", "-"): value for key, value in answers.items()}
    return written(house, "amina", COACHING, keys or {"what-happened": "x"}, session=session)


def handed(house: House, who: str, entry_id: str, *, days: int = 30, rounds: bool = False) -> str:
    """The whole entry shared with its first possible reader; returns the snapshot's id."""
    author = house.people[who].id
    with house.records() as records:
        entry = records.entries.get(author, entry_id)
        workbook = open_shelf(house.folder.local).get(entry.workbook)
        pages = tuple(
            (p.id, p.title, tuple(q.key for q in p.prompts if not q.own_tick))
            for p in workbook.pages
        )
        document = records.sharing.compose(author, entry_id, Outline(pages))
        reader = records.sharing.readers(author, entry_id, workbook.share_with)[0]
        ends = datetime.now(UTC) + timedelta(days=days)
        return records.sharing.share(
            *(author, entry_id, document, reader),
            purpose="To talk about",
            ends_at=ends,
            rounds=rounds,
        )


def reviewed(house: House, snapshot: str, words: str) -> None:
    """Sue's answer to a snapshot of Amina's, released to her."""
    review = open_shelf(house.folder.local).get(REVIEW)
    sue = house.people["sue"].id
    with house.records() as records:
        entry = records.entries.start(sue, REVIEW, about_id=snapshot)
        asked = review.prompt("appreciate")
        assert asked is not None
        records.entries.save(sue, entry.id, asked, words, base=0, writer="test", counter=1)
    handed(house, "sue", entry.id)


def talked(house: House, words: str) -> tuple[str, str]:
    """Amina and Sue talk about one answer of a reflection, which Amina then wrote anew and shared
    again; the first copy and Sue's draft, with one comment released and one not."""
    entry = reflection(house, what_happened=f"{words}, and it was loud", not_said="Mine alone")
    first = handed(house, "amina", entry)
    drafts = {
        "sue": _said(house, "sue", REVIEW, first, f"What did {words} say?"),
        "amina": _said(house, "amina", REPLY, first, f"Nothing, {words} waited"),
    }
    with house.records() as records:
        sue = house.people["sue"].id
        waiting = replace(SAYS, question="On “Another”", key="on--moment-i-said")
        records.entries.save(
            sue, drafts["sue"], waiting, f"{words} again", base=0, writer="t", counter=2
        )
        saved = records.entries.answers(house.people["amina"].id, entry)["what-happened"]
        records.entries.save(
            *(house.people["amina"].id, entry, saved.prompt, f"{words}, and it was quiet"),
            base=saved.revision,
            writer="again",
            counter=1,
        )
    handed(house, "amina", entry, rounds=True)
    return first, drafts["sue"]


def _said(house: House, who: str, workbook: str, about: str, words: str) -> str:
    """A draft about a copy, with one comment in it that was released; the draft's id."""
    person = house.people[who].id
    outline = Outline((("boxes", "Answer by answer", (SAYS.key,)),))
    with house.records() as records:
        entry = records.entries.start(person, workbook, about_id=about)
        records.entries.save(person, entry.id, SAYS, words, base=0, writer="t", counter=1)
        document = records.answering.compose(person, entry.id, outline, (SAYS.key,))
        roles = ("author",) if who == "sue" else ("supervisor",)
        records.sharing.share(
            *(person, entry.id, document, records.sharing.readers(person, entry.id, roles)[0]),
            purpose="An answer",
            ends_at=datetime.now(UTC) + timedelta(days=30),
        )
    return entry.id


def recorded_meeting(house: House, words: str) -> str:
    """A meeting of Sue and Amina, written up and recorded; the id of its sheet."""
    sue, amina = house.people["sue"].id, house.people["amina"].id
    sheet = open_shelf(house.folder.local).get(MEETING)
    with house.records() as records:
        today = records.store.now().date()
        meeting = records.people.start_supervision(sue, [amina], today)
        entry = records.entries.start(sue, MEETING, about_id=meeting)
        given = {"on": today.isoformat(), "state": "held", "worked-on": words}
        for count, (key, value) in enumerate(given.items(), start=1):
            asked = sheet.prompt(key)
            assert asked is not None
            records.entries.save(sue, entry.id, asked, value, base=0, writer="test", counter=count)
        records.entries.commit(sue, entry.id)
        records.people.record_supervision(meeting, state=Held.HELD, on=today)
    return entry.id


def any_entry(house: House, workbook: Workbook, who: str) -> str:
    """A new entry of any workbook, about what it is about, with a line in its first box."""
    person = house.people[who].id
    with house.records() as records:
        pair = next(p for p in records.people.pairs_of(person) if p.id == house.pair)
        about: dict[str, str | None] = {}
        if workbook.about in ("pair", "session"):
            about["pair_id"] = pair.id
        if workbook.about == "session":
            about["session_id"] = pair.sessions[0].id
        if workbook.about == "time":
            about["about_id"] = "start"
        together = workbook.together
        entry = records.entries.start(person, workbook.id, together=together, **about)
        box = next((p for p in workbook.prompts if p.kind is Kind.LONG), None)
        if box is not None:
            records.entries.save(person, entry.id, box, "A line", base=0, writer="t", counter=1)
    return entry.id


def both_sealed(house: House, workbook_id: str, words: str) -> str:
    """Amina and Leo have both sealed this workbook; the id of Amina's entry."""
    workbook = open_shelf(house.folder.local).get(workbook_id)
    box = next(p for p in workbook.prompts if p.kind is Kind.LONG and p.who is Who.PAIR)
    outline = Outline((("one", "One", (box.key,)),))
    until = datetime.now(UTC) + timedelta(days=30)
    made = ""
    with house.records() as records:
        for who in ("leo", "amina"):
            person = house.people[who].id
            entry = records.entries.start(
                person, workbook_id, pair_id=house.pair, together="sealed"
            )
            records.entries.save(person, entry.id, box, words, base=0, writer="t", counter=1)
            document = records.sharing.compose(person, entry.id, outline)
            records.together.commit(person, entry.id, document, until)
            made = entry.id
    return made


def agreed(house: House, label: str) -> None:
    """Leo proposed an agreement and Amina has accepted it."""
    workbook = open_shelf(house.folder.local).get("pair/our-agreement")
    box = workbook.prompt("label")
    assert box is not None
    leo, amina = house.people["leo"].id, house.people["amina"].id
    now = datetime.now(UTC)
    with house.records() as records:
        entry = records.entries.start(leo, workbook.id, pair_id=house.pair)
        records.entries.save(leo, entry.id, box, label, base=0, writer="t", counter=1)
        document = records.sharing.compose(leo, entry.id, Outline((("a", "A name", ("label",)),)))
        made = records.agreements.propose(
            leo,
            entry.id,
            document,
            ends=now.date() + timedelta(days=90),
            label=label,
            until=now + timedelta(days=90),
        )
        records.agreements.accept(amina, made)


def profile(browser: Browser, *, width: int = 1100, **more: object) -> BrowserContext:
    """A browser profile of its own, for tests that cannot use ``visit``."""
    return browser.new_context(viewport={"width": width, "height": 800}, **more)  # type: ignore[arg-type]
