"""What tests with a house do with an entry, in the records and in a browser."""

import copy
import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from cascade_tools.kit import kit_folder
from cascade_tools.model.people import Held, Session
from cascade_tools.records.tables import AnswerRow, SessionRow
from cascade_tools.shelf import open_shelf
from tests.faults.visitor import Visitor
from tests.living import House

COACH = "coach/after-i-coach"
LEADER = "leader/going-below-the-surface"
# The same in a programme's own words, with a widget of its own: see ``with_a_thought``.
THOUGHT = "coach/thinking-aloud"
# A question on a page with nothing before it that could be answered, and its page.
KEY, PAGE = "what-happened", "what-happened"


def with_a_thought(
    house: House, code: str = "import ipywidgets\n\nipywidgets.Label('A thought of the kernel')"
) -> None:
    """Give the programme a workbook with pictures and with another cell that thinks: if not said
    otherwise with another widget, which needs Voila's script in the browser."""
    book = nbformat.read(kit_folder("workbooks") / f"{COACH}.ipynb", as_version=4)
    at = next(n for n, cell in enumerate(book.cells) if cell.id == f"ask-{KEY}")
    book.cells.insert(at + 1, nbformat.v4.new_code_cell(code, id="a-thought"))
    opening = book.cells[1]
    opening.source = opening.source.replace(COACH, THOUGHT)
    path = house.folder.local / "workbooks" / f"{THOUGHT}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(book, path)


def fresh_entry(house: House, who: str = "amina", workbook: str = COACH, **answers: Any) -> str:
    """A new sheet about a new session, with these answers in it; its id."""
    pair = house.pair if who == "amina" else house.beths_pair
    with house.records() as records:
        with records.store.database.reading() as s:
            numbers = s.scalars(select(SessionRow.number).where(SessionRow.pair_id == pair))
            number = max(numbers, default=0) + 1
        day = datetime.now(UTC).date() - timedelta(days=1)
        session = records.people.add_session(pair, Session("", number, day, Held.HELD))
        person = house.people[who].id
        entry = records.entries.start(person, workbook, pair_id=pair, session_id=session)
    if answers:
        put(house, entry.id, who, workbook, **answers)
    return entry.id


def leaders_entry(house: House, who: str = "leo") -> str:
    with house.records() as records:
        return records.entries.start(house.people[who].id, LEADER).id


def put(house: House, entry: str, who: str, workbook: str = COACH, **answers: Any) -> None:
    """Save answers straight into the records, as another device would."""
    writer = secrets.token_hex(6)
    shelf = open_shelf(house.folder.local)
    with house.records() as records:
        person = house.people[who].id
        saved = records.entries.answers(person, entry)
        for counter, (name, value) in enumerate(answers.items(), start=1):
            key = name.replace("_", "-")
            prompt = shelf.get(workbook).prompt(key)
            assert prompt is not None
            base = saved[key].revision if key in saved else 0
            records.entries.save(
                person, entry, prompt, value, base=base, writer=writer, counter=counter
            )


def kernel_of(visitor: Visitor, entry: str) -> str:
    """Start a kernel for this entry, as its page does."""
    reply = visitor.post(f"/entries/{entry}/pictures")
    assert reply.status == 200, reply.body
    found = re.search(r'"kernelId": ?"([0-9a-f-]{36})"', reply.body)
    assert found is not None
    return found.group(1)


def share(visitor: Visitor, entry: str, *parts: str, purpose: str = "To talk about") -> None:
    """Share these pages of an entry with the supervisor, as the two presses do."""
    then = datetime.now(UTC).date() + timedelta(days=30)
    fields = [("purpose", purpose), *(("part", part) for part in parts)]
    fields += [(f"until-{n}", str(getattr(then, n))) for n in ("day", "month", "year")]
    preview = visitor.post(f"/entries/{entry}/share", fields)
    seen = re.search(r'name="seen" value="([^"]+)"', preview.body)
    assert seen is not None, preview.body
    assert visitor.post(f"/entries/{entry}/share", [*fields, ("seen", seen[1])]).status == 302


def kept(house: House, entry: str, who: str = "amina") -> dict[str, Any]:
    """What the records hold now, by key."""
    with house.records() as records:
        found = records.entries.answers(house.people[who].id, entry)
        return {key: one.value for key, one in found.items()}


def every_text(house: House, entry: str, key: str = KEY) -> list[Any]:
    """Every revision of one answer, both sides of conflicts, oldest first."""
    with house.records() as records, records.store.database.reading() as s:
        rows = s.scalars(
            select(AnswerRow)
            .where(AnswerRow.entry_id == entry, AnswerRow.key == key)
            .order_by(AnswerRow.revision)
        )
        return [records.store.open_answer(row) for row in rows]


def written_by(house: House, who: str) -> int:
    """How many revisions this person has written."""
    with sqlite3.connect(house.folder.database) as db:
        found = db.execute(
            "select count(*) from answer where by_id = ?", [house.people[who].id]
        ).fetchone()
    db.close()
    return int(found[0])


def sound(house: House) -> bool:
    with sqlite3.connect(house.folder.database) as db:
        verdict = db.execute("pragma integrity_check").fetchone()[0]
    db.close()
    return bool(verdict == "ok")


def eventually(check: Callable[[], Any], seconds: float = 30, what: str = "") -> Any:
    """Ask again until it is so, for a bounded time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.05)
    raise AssertionError(f"It never became so: {what or check.__doc__ or check}")


def through(house: House, port: int) -> House:
    """The same house, reached through another port."""
    other = copy.copy(house)
    other.port = port
    return other


def open_entry(page: Page, house: House, entry: str, at: str = PAGE, key: str = KEY) -> Locator:
    """Open one page of an entry; the box to write in, once the page has learnt to save."""
    page.goto(f"{house.url}entries/{entry}?page={at}")
    page.locator("html.scripted").wait_for()
    found = page.locator(f"#q-{key}")
    found.wait_for()
    return found


def state(page: Page, wanted: str, key: str = KEY, seconds: float = 30) -> None:
    """Wait until a question says that it is ``saved``, ``waiting``, ``conflict`` or ``problem``."""
    prompt = page.locator(f"#prompt-{key}")
    expect(prompt).to_have_attribute("data-state", wanted, timeout=seconds * 1000)


def kernel_id(page: Page) -> str:
    """The kernel of this page, once its pictures have come."""
    there = page.locator(".place [data-cell]:not(.arriving)")
    expect(there).not_to_have_count(0, timeout=60_000)
    return str(page.evaluate("document.body.dataset.kernelId"))


def covered(page: Page) -> Locator:
    """The cover, once it is there, with nothing readable behind it."""
    lid = page.locator("dialog.cover")
    lid.wait_for(timeout=30_000)
    return lid


def nothing_readable(page: Page, words: str) -> None:
    """No word of the page can be seen, reached with the keyboard or read out."""
    seen = page.evaluate("document.body.innerText")
    assert words not in seen
    boxes = page.locator("form#entry textarea, form#entry input:not([type=hidden])")
    assert not any(box.is_visible() for box in boxes.all())
    assert words not in page.locator("body").aria_snapshot()
    inside = """() => document.activeElement === document.body
        || Boolean(document.activeElement.closest("dialog.cover"))"""
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)


def sign_in_in_place(page: Page, passphrase: str) -> None:
    lid = covered(page)
    lid.locator("input[type=password]").fill(passphrase)
    lid.get_by_role("button", name="Sign in and go on").click()
