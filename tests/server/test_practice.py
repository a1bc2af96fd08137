"""Practice without scripts: a whole conversation, each kind of drill, and nothing kept of it."""

import re
import sqlite3
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from cascade_tools import content
from cascade_tools.kit import kit_folder
from cascade_tools.model.people import Role
from cascade_tools.model.practice import Drill, shuffled
from tests.content.reading import page_words
from tests.living import PASSPHRASE, House
from tests.server.visitor import Reply, Visitor

TICKS_OVER = "practice/conversations/v1-the-board-that-just-ticks-over"
CHILD = "practice/conversations/v8-a-worry-about-a-child"
SEED = "0123abcd"
WORDS = "Capercaillie at the window"
SORT = "practice/statements/leading-or-helping"
CARDS = "practice/cards/talk-over-lunch"
DRILLS = tuple(f"practice/drills/{d.id}" for d in content.drills())
ADDRESSES = ("practice", TICKS_OVER, *DRILLS, SORT, CARDS)


def words(reply: Reply) -> str:
    """What stands on a page, as a person reads it."""
    assert reply.status == 200, reply.status
    main = re.search(r"<main.*</main>", reply.text, re.DOTALL)
    assert main is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


def hidden(reply: Reply, name: str) -> list[str]:
    return re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', reply.text)


def said(reply: Reply) -> list[str]:
    """What may be said now, in the order of the page."""
    return re.findall(r'class="say" name="said" value="([a-z])"', reply.text)


def drill(kind: str) -> Drill:
    return next(d for d in content.drills() if d.kind == kind)


def rows(house: House) -> dict[str, list[Any]]:
    """Every row of the records, but for when somebody who is signed in last did anything."""
    with sqlite3.connect(f"file:{house.folder.database}?mode=ro", uri=True) as db:
        tables = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {t: sorted(map(repr, db.execute(f'SELECT * FROM "{t}"'))) for t in tables}  # noqa: S608
    found["sign_in"] = [len(found["sign_in"])]
    return found


def files(house: House) -> set[Path]:
    """The programme's folder; SQLite's own two files come and go."""
    return {p for p in house.folder.path.rglob("*") if not p.name.endswith(("-wal", "-shm"))}


def test_practice_is_for_whoever_is_signed_in(nobody: Visitor, house: House) -> None:
    """Any role may try, also before saying that anything may be kept; nobody else may."""
    for address in ADDRESSES:
        assert "/sign-in?next=" in nobody.get(address).location
    for who in ("amina", "leo", "sue", "pat"):
        visitor = Visitor(house, who)
        for address in ADDRESSES:
            assert visitor.get(address).status == 200, (who, address)
        assert visitor.post(TICKS_OVER, {"said": ["b"]}).status == 200
    new = Visitor(house)
    with house.records() as records:
        person = records.people.add("Nia Newfield", [Role.LEADER])
        records.signing_in.accept(records.signing_in.invite(person.id, "a test"), PASSPHRASE)
        new.cookies["cascade"] = records.signing_in.sign_in(person.id)
    assert len(said(new.post(TICKS_OVER, {"said": ["b"]}))) == 4
    for kind in ("conversations", "drills", "statements", "cards"):
        address = f"practice/{kind}/no-such"
        assert new.get(address).status == new.post(address).status == 404


def test_a_whole_conversation(amina: Visitor) -> None:
    """What is known, what is said, what happens, words of one's own, and the look back."""
    first = amina.get(TICKS_OVER)
    assert "Amina directs a carers' charity" in words(first)
    assert sorted(said(first)) == ["a", "b", "c", "d"]
    (seed,) = set(hidden(first, "seed"))
    second = amina.post(TICKS_OVER, {"seed": seed, "said": ["b"]})
    assert "But I've never invited it." in words(second) and hidden(second, "said")[:1] == ["b"]
    assert set(hidden(second, "seed")) == {seed}
    end = amina.post(TICKS_OVER, {"seed": seed, "said": ["b", "b"]})
    assert "What else might you say, in your words?" in words(end)
    back = amina.post(TICKS_OVER, {"seed": seed, "said": ["b", "b"], "mine": WORDS, "do": "look"})
    told = words(back)
    for one in (
        WORDS,
        "Asked or listened so that they found it",
        "From the future",
        "Their own thinking grew.",
        "You took some of the thinking over.",
        "Did I do any of their work for them?",
        "She does need a forecast",
        "What do you think they already suspect?",
        "A request for a tool",
        "Try it again",
    ):
        assert one in told, one
    assert back.text.count("<details") == 2
    assert "/workbooks/coach/practice-conversations" in back.text


def test_the_order_stays_while_one_plays(amina: Visitor) -> None:
    """The same for the same seed; at the next start it may be another."""
    at = [said(amina.post(TICKS_OVER, {"seed": SEED, "said": ["b"]})) for _ in range(2)]
    assert at[0] == at[1]
    assert len({tuple(said(amina.get(TICKS_OVER))) for _ in range(12)}) > 1
    forged = amina.post(TICKS_OVER, {"seed": '"><script>', "said": ["b"]})
    assert all(re.fullmatch("[0-9a-f]{8}", s) for s in hidden(forged, "seed"))


@pytest.mark.parametrize("way", [["z"], ["z", "b"], ["b", "zz", "a"], ["b", "a", "a", "a", "a"]])
def test_a_forged_path_falls_back_to_its_sound_beginning(amina: Visitor, way: list[str]) -> None:
    """What does not fit is left out with all after it; nothing breaks."""
    reply = amina.post(TICKS_OVER, {"seed": SEED, "said": way})
    sound = {"z": [], "b": ["b"]}[way[0]] if way[1:2] != ["a"] else ["b", "a", "a"]
    kept = hidden(reply, "said")[: len(sound)]
    assert kept == sound and reply.status == 200
    assert bool(said(reply)) is (len(sound) < 3)


def test_the_one_with_a_right_answer_stops(amina: Visitor) -> None:
    """It says so first, stops at what will not do, and may be tried again from there; at its end
    stands the page with whom to ring."""
    assert "This one has a right answer" in words(amina.get(CHILD))
    stop = amina.post(CHILD, {"seed": SEED, "said": ["b", "a"]})
    assert "Stop here" in words(stop) and "Try it again from here" in words(stop)
    assert said(stop) == []
    again = amina.post(CHILD, {"seed": SEED})
    assert len(said(again)) == 4
    on = amina.post(CHILD, {"seed": SEED, "said": ["b"], "past": "1"})
    assert "So, Saturday." in words(on)
    last = amina.post(CHILD, {"seed": SEED, "said": ["b", "a"], "past": "2", "do": "look"})
    assert "Stop here" in words(last) and "See how it goes on" not in words(last)
    scene = next(s for s in content.scenes() if s.right)
    good = next(p for p in scene.paths() if all(s.reply.acceptable for s in scene.walk(p)[0]))
    end = amina.post(CHILD, {"seed": SEED, "said": list(good), "do": "look"})
    assert "In earnest, ring a person today." in words(end)


def test_no_mark_is_given(amina: Visitor) -> None:
    """No wrong, no score and no total on any page; a right answer only where there is one."""
    looks = [
        amina.post(TICKS_OVER, {"said": ["a", "d"], "do": "look"}),
        *(
            amina.post(f"practice/drills/{d.id}", {"seed": SEED, "answer": "closed"})
            for d in content.drills()
        ),
    ]
    for look in looks:
        assert not re.search(r"\b(wrong|incorrect|scored?|total)\b", words(look))
    pages = kit_folder("templates")
    for page in ("pages/conversation.html", "pages/drill.html", "parts/practice-debrief.html"):
        ours = " ".join(page_words(pages / page)).replace("This one has a right answer", "")
        assert not re.search(r"\b(right|wrong|correct|score|total|well done)\b", ours), page


def test_spot_and_advice(amina: Visitor) -> None:
    """Whatever fits is said to; another kind is another way to hear it."""
    for kind, hear in (("spot", "hear"), ("advice", "see")):
        one = drill(kind)
        item = shuffled(one.items, SEED)[0]
        path, choices = f"practice/drills/{one.id}", dict(one.choices)
        other = next(code for code in choices if code not in item.answers)
        start = {"seed": SEED, "at": "0"}
        fits = words(amina.post(path, {**start, "answer": item.answers[0]}))
        assert "That fits." in fits and item.words in fits
        another = words(amina.post(path, {**start, "answer": other}))
        assert f"Another way to {hear} this: {choices[item.answers[0]]}" in another
        assert "That fits." not in another and " ".join(item.why.split()) in another
        assert all(check in another for check in one.checks)
        assert 'name="answer"' in amina.post(path, {**start, "answer": "no-such"}).text
        following = words(amina.post(path, {**start, "do": "another"}))
        assert shuffled(one.items, SEED)[1].words in following


def test_statements_to_sort(amina: Visitor) -> None:
    """As *spot it*: what fits is said to, any other is another way to hear it; to choose nothing
    leaves one where one was."""
    one = next(s for s in content.statements() if SORT.endswith(s.id))
    item, names = shuffled(one.items, SEED)[1], dict(one.choices)
    assert all(name in words(amina.get(SORT)) for name in names.values())
    start = {"seed": SEED, "at": "1"}
    other = next(code for code in names if code not in item.answers)
    fits = words(amina.post(SORT, {**start, "answer": item.answers[0]}))
    assert "That fits." in fits and item.words in fits and item.why in fits
    heard = "; ".join(names[code] for code in item.answers)
    told = words(amina.post(SORT, {**start, "answer": other}))
    assert f"You chose {names[other]}" in told and f"Another way to hear this: {heard}" in told
    assert item.why not in words(amina.post(SORT, start))


def test_cards_one_at_a_time(amina: Visitor) -> None:
    """Each card once before the first comes again, in another order at another start."""
    cards = next(c for c in content.cards() if c.id in CARDS)
    assert cards.intro in words(amina.get(CARDS))
    seen = []
    for at in range(len(cards.items)):
        told = words(amina.post(CARDS, {"seed": SEED, "at": str(at)}))
        seen += [c.id for c in cards.items if c.words in told and c.ask in told]
    assert sorted(seen) == sorted(c.id for c in cards.items)
    assert len({words(amina.get(CARDS)) for _ in range(12)}) > 1


def test_turn_it_round(amina: Visitor) -> None:
    """One's own words, two other ways, and what to look at for oneself."""
    one = drill("turn")
    item = shuffled(one.items, SEED)[2]
    told = words(amina.post(f"practice/drills/{one.id}", {"seed": SEED, "at": "2", "mine": WORDS}))
    assert all(text in told for text in (WORDS, *item.answers, *one.checks, item.why))
    assert "Another one" in told and "Enough for now" in told


def test_put_in_order(amina: Visitor) -> None:
    """Five numbers; where two are the same it asks again with what was typed."""
    one = drill("order")
    path, item = f"practice/drills/{one.id}", shuffled(one.items, SEED)[0]
    lines = shuffled(item.answers, f"{SEED} {item.id}")
    right = {f"place-{n}": str(item.answers.index(line) + 1) for n, line in enumerate(lines)}
    start = {"seed": SEED, "at": "0"}
    assert "You put them just as we did." in words(amina.post(path, start | right))
    turned = {name: str(6 - int(value)) for name, value in right.items()}
    told = words(amina.post(path, start | turned))
    assert "Yours goes another way." in told and " ".join(item.why.split()) in told
    again = amina.post(path, start | right | {"place-0": "7"})
    assert "Give each of the five a number of its own" in words(again)
    assert 'name="place-0" value="7"' in again.text


def test_hold_the_silence(amina: Visitor) -> None:
    """How long, the waiting, what one wanted to say, and a word on it; no clock is needed."""
    one = drill("silence")
    path, start = f"practice/drills/{one.id}", {"seed": SEED, "at": "0"}
    assert "20 seconds" in words(amina.get(path))
    assert "Count slowly to twenty" in words(amina.post(path, {**start, "answer": "20"}))
    assert "What did you want to say?" in words(amina.post(path, {**start, "do": "write"}))
    told = words(amina.post(path, {**start, "mine": WORDS}))
    assert WORDS in told and shuffled(one.items, SEED)[0].why in told


def test_nothing_of_it_is_kept(house: House) -> None:
    """Rows and files are the same before and after; no word is in the log or any address."""
    leo = Visitor(house, "leo")
    before = rows(house), files(house)
    assert before[0]["person"]
    typed = {"seed": SEED, "at": "0", "mine": WORDS, "do": "look", "said": ["b", "b"]}
    for address in ADDRESSES[1:]:
        for more in ({}, {"do": "write"}, {"do": "answer", "answer": "10"}):
            reply = leo.post(address, typed | more)
            assert reply.status == 200 and reply.location == ""
            assert "Set-Cookie" not in reply.headers
            assert not re.search(r'(?:href|action)="[^"]*(?:Capercaillie|said=)', reply.text)
    leo.get("practice")
    assert (rows(house), files(house)) == before
    assert "Capercaillie" not in house.log.read_text(encoding="utf-8")
    everything = b"".join(p.read_bytes() for p in house.folder.path.rglob("*") if p.is_file())
    assert WORDS.encode() not in everything


def test_the_workbooks_list_what_there_is(house: House) -> None:
    """*Practice conversations* and *Question craft* lead to each."""
    sue = Visitor(house, "sue")
    for name, found in (
        ("coach/practice-conversations", [s.title for s in content.scenes()]),
        ("coach/question-craft", [d.title for d in content.drills()]),
    ):
        entry = sue.start(name, **{"": ""})
        page = words(sue.get(f"entries/{entry}"))
        assert all(title in page for title in found)
