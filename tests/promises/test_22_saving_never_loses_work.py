"""Saving never loses work: the server is killed at random moments; what showed "Saved" is there."""

import http.client
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cascade_tools.records.tables import AnswerRow, EntryRow
from tests.faults.nursery import QuickHouse
from tests.faults.pages import KEY, every_text, fresh_entry, kept, open_entry, sound, state
from tests.faults.visitor import Visitor

KILLS = [20, pytest.param(200, marks=pytest.mark.faults)]
KEYS = ("what-happened", "not-said", "question-landed")
Place = tuple[str, str, str]  # person, entry, prompt


def text(place: Place, number: int) -> str:
    """One long value that names where it belongs; any part of it missing would show."""
    name = f"{'/'.join(place)}#{number}"
    return f"{name} {f'{number:x}.' * (number * 37 % 900)} end of {name}"


@dataclass
class Writer:
    """One person saving without pause, and what they were told."""

    house: QuickHouse
    who: str
    places: list[Place]
    sent: dict[Place, int] = field(default_factory=dict)
    told: dict[Place, int] = field(default_factory=dict)
    odd: list[int] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        visitor = Visitor(self.house, self.who)
        number = 0
        while not self.stop.is_set():
            for place in self.places:
                number += 1
                self.sent[place] = number
                try:
                    reply = visitor.save(place[1], place[2], text(place, number), counter=number)
                except (OSError, http.client.HTTPException):
                    # Nobody answered: perhaps it was kept, perhaps not.
                    self.stop.wait(0.02)
                    continue
                if reply.status == 200:
                    self.told[place] = number
                elif reply.status != 503:
                    self.odd.append(reply.status)


def check(house: QuickHouse, writers: list[Writer]) -> None:
    """Every answer that was acknowledged is there whole and in its place, and nothing is not."""
    assert sound(house)
    found: dict[Place, int] = {}
    with house.records() as records, records.store.database.reading() as s:
        for row, owner in s.execute(
            select(AnswerRow, EntryRow.person_id)
            .join(EntryRow, EntryRow.id == AnswerRow.entry_id)
            .order_by(AnswerRow.revision)
        ):
            value = str(records.store.open_answer(row))
            place = (row.by_id, row.entry_id, row.key)
            assert owner == row.by_id
            number = int(re.match(r".*#(\d+) ", value).group(1))  # type: ignore[union-attr]
            assert value == text(place, number)
            found[place] = number
    for writer in writers:
        for place, number in list(writer.told.items()):
            # What was acknowledged, or the one sent after it whose answer never came.
            assert number <= found[place] <= writer.sent[place]


@pytest.mark.parametrize("kills", KILLS)
def test_what_was_acknowledged_survives_a_server_killed_at_random_moments(
    own_house: QuickHouse, kills: int
) -> None:
    """Four people save without pause while the server is killed again and again: every answer
    that was acknowledged is there with exactly its value, under its own question, person and
    session; none is half written; the database is sound."""
    own_house.start()
    when = random.Random(20261122)  # noqa: S311 - moments, not secrets
    writers = []
    for who, sheets in (("amina", 2), ("amina", 1), ("beth", 2), ("beth", 1)):
        entries = [fresh_entry(own_house, who) for _ in range(sheets)]
        person = own_house.people[who].id
        places = [(person, entry, key) for entry in entries for key in KEYS]
        writers.append(Writer(own_house, who, places))
    threads = [threading.Thread(target=w.run, daemon=True) for w in writers]
    for thread in threads:
        thread.start()
    killed = 0
    try:
        for _ in range(kills):
            before = sum(len(w.told) + sum(w.told.values()) for w in writers)
            deadline = time.monotonic() + 30
            # The server is at work again; then at any moment of it.
            while sum(len(w.told) + sum(w.told.values()) for w in writers) < before + 200:
                assert time.monotonic() < deadline, "Nobody could save."
                time.sleep(0.002)
            time.sleep(when.random() * 0.05)
            own_house.kill()
            killed += 1
            check(own_house, writers)
            own_house.start()
    finally:
        for writer in writers:
            writer.stop.set()
        for thread in threads:
            thread.join(30)
    own_house.stop()
    check(own_house, writers)
    assert killed == kills
    assert [w.odd for w in writers] == [[], [], [], []]


def test_a_page_says_so_while_the_server_is_down_and_saves_by_itself_afterwards(
    own_house: QuickHouse, visit: Callable[..., Page]
) -> None:
    """The server is killed while somebody types.  The page says "Not saved yet", keeps every word
    typed meanwhile, and saves without being asked when the server is back."""
    own_house.start()
    entry = fresh_entry(own_house)
    page = visit(own_house, "amina")
    box = open_entry(page, own_house, entry)
    box.fill("Saved before.")
    state(page, "saved")
    box.press("End")
    own_house.kill()
    page.keyboard.type(" Typed while it was down,")
    state(page, "waiting")
    prompt = page.locator(f"#prompt-{KEY}")
    expect(prompt.locator(".saved")).to_contain_text("Not saved yet")
    expect(page.locator(".waiting-line")).to_be_visible()
    page.keyboard.type(" and on.")
    assert kept(own_house, entry)[KEY] == "Saved before."
    own_house.start()
    state(page, "saved")
    expect(page.locator(".waiting-line")).to_be_hidden()
    assert kept(own_house, entry)[KEY] == "Saved before. Typed while it was down, and on."
    assert page.locator(".rival").count() == 0
    assert every_text(own_house, entry)[0] == "Saved before."
