"""Answering what was shared, as two people meet it without scripts: boxes, releases, rounds."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest

from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry, put
from tests.promises.test_16_hostile_text import HOSTILE
from tests.server.visitor import Visitor

HERON, WEIR = "A heron on the weir", "Nobody spoke for a minute"


@dataclass
class Two:
    """Amina shared a sheet with Sue, who has a draft about it."""

    house: QuickHouse
    amina: Visitor
    sue: Visitor
    entry: str
    snapshot: str
    review: str

    def seen(self, who: Visitor) -> str:
        return who.get(f"shared/{self.snapshot}").text

    def check(self, who: Visitor, entry: str) -> str:
        return who.get(f"entries/{entry}/check").text

    def press(self, who: Visitor, entry: str, do: str, key: str = "", *, keys: str = "") -> int:
        """A press on the page as it stands: each answer with the version that is on it."""
        page = self.check(who, entry)
        seen = dict(re.findall(r'name="(seen:[a-z0-9-]+)" value="(\d+)"', page))
        return who.post(f"entries/{entry}/release", {"do": do, "key": key, **seen}).status

    def reply(self) -> str:
        return begun(self.amina, self.snapshot)


def begun(who: Visitor, snapshot: str) -> str:
    reply = who.post(f"shared/{snapshot}/review")
    assert reply.status == 302, reply.text
    return reply.location.rpartition("/")[2]


@pytest.fixture
def two(house: QuickHouse, amina: Visitor, sue: Visitor) -> Two:
    entry = fresh_entry(house, what_happened=HERON, who_else_was_there=WEIR)
    snapshot = amina.share(entry, "what-happened", "who-else-was-there")
    return Two(house, amina, sue, entry, snapshot, begun(sue, snapshot))


ON, ELSE = "on--what-happened", "on--who-else-was-there"


def test_each_answer_has_a_box_and_nothing_else_has(two: Two) -> None:
    """The words of each shared answer stand above a box of their own; without a script the form
    saves what is written in one."""
    page = two.sue.get(f"entries/{two.review}").text
    assert set(re.findall(r'data-key="(on--[a-z-]+)"', page)) == {ON, ELSE}
    assert page.index(HERON) < page.index(f'data-key="{ON}"') < page.index(f'data-key="{ELSE}"')
    asked = two.sue.asked(two.review, ON)
    fields = {"person": two.sue.person, "writer": "ab", f"asked:{ON}": asked, ON: "How long?"}
    assert two.sue.post(f"entries/{two.review}", fields).status == 302
    assert "How long?" in two.check(two.sue, two.review)
    assert "On “Who was with you both" not in two.check(two.sue, two.review)


def test_nothing_is_seen_before_it_is_released_and_then_that_alone(two: Two) -> None:
    """Two comments: the coach sees neither, then the one that was released, then, changed since,
    still what was released, then all of it."""
    two.sue.save(two.review, ON, "How long was it there?")
    two.sue.save(two.review, ELSE, "Whose silence was it?")
    assert "How long was it" not in two.seen(two.amina)
    assert two.press(two.sue, two.review, "one", ON) == 302
    seen = two.seen(two.amina)
    assert "How long was it there?" in seen
    assert "Whose silence" not in seen
    # Under the very answer it belongs to.
    assert seen.index(HERON) < seen.index("How long was it there?") < seen.index(WEIR)
    two.sue.save(two.review, ON, "How long, rewritten", base=1, counter=2)
    assert two.press(two.sue, two.review, "one", ELSE) == 302
    seen = two.seen(two.amina)
    assert "How long was it there?" in seen
    assert "Whose silence was it?" in seen
    check = two.check(two.sue, two.review)
    assert "You changed this after you released it." in check
    assert two.press(two.sue, two.review, "all") == 302
    assert "How long, rewritten" in two.seen(two.amina)
    assert two.press(two.sue, two.review, "back", ON) == 302
    seen = two.seen(two.amina)
    assert "How long" not in seen
    assert "Whose silence was it?" in seen
    assert two.press(two.sue, two.review, "back", ELSE) == 302
    assert "Whose silence" not in two.seen(two.amina)


def test_what_was_not_on_the_page_is_not_released(two: Two) -> None:
    """A comment that was changed on another page after this one was made goes nowhere; its
    author looks once more."""
    two.sue.save(two.review, ON, "The first words")
    old = dict(
        re.findall(r'name="(seen:[a-z0-9-]+)" value="(\d+)"', two.check(two.sue, two.review))
    )
    two.sue.save(two.review, ON, "Words nobody looked at", base=1, writer="page-2")
    for do in ({"do": "one", "key": ON}, {"do": "all"}):
        reply = two.sue.post(f"entries/{two.review}/release", {**do, **old})
        assert reply.status == 200
        assert "Your answers changed" in reply.text
    assert "Words nobody" not in two.seen(two.amina)


def test_a_press_for_nothing_is_refused(two: Two) -> None:
    """With nothing written, or a press the page does not have, nothing goes."""
    assert two.press(two.sue, two.review, "all") == 400
    assert two.press(two.sue, two.review, "one", ON) == 404
    assert two.press(two.sue, two.review, "everything") == 404
    assert two.sue.post(f"entries/{two.entry}/release", {"do": "all"}).status == 404
    assert two.amina.post(f"entries/{two.entry}/release", {"do": "all"}).status == 404


def test_a_note_to_keep_goes_with_its_own_tick_alone(two: Two) -> None:
    """Releasing all leaves the working note out; there is no press of its own that takes it."""
    two.sue.save(two.review, "working-note", "Ask again in May")
    two.sue.save(two.review, "appreciate", "That you waited")
    assert two.press(two.sue, two.review, "all") == 302
    assert "Ask again in May" not in two.seen(two.amina)
    assert "That you waited" in two.seen(two.amina)


def test_only_its_author_releases_an_answer(two: Two, beth: Visitor) -> None:
    """To everybody else the address of the press is as if there were nothing, and nothing is
    released by it."""
    two.sue.save(two.review, ON, "Mine alone")
    for who in (two.amina, beth):
        assert who.post(f"entries/{two.review}/release", {"do": "all"}).status == 404
        assert who.post(f"entries/{'0' * 32}/release", {"do": "all"}).status == 404
    assert "Mine alone" not in two.seen(two.amina)


def test_the_coach_answers_back_and_it_is_the_supervisors_turn(two: Two) -> None:
    """A coach has a box for each thing that was said, and for nothing else; when it is released
    the supervisor reads it in its place and has one more box there."""
    assert two.amina.post(f"shared/{two.snapshot}/review").status == 404
    two.sue.save(two.review, ON, "How long was it there?")
    two.sue.save(two.review, "curious", "What did you not ask?")
    assert two.press(two.sue, two.review, "all") == 302
    reply = two.reply()
    page = two.amina.get(f"entries/{reply}").text
    assert set(re.findall(r'data-key="(on--[a-z-]+)"', page)) == {ON, "on--to--curious"}
    two.amina.save(reply, ON, "All through the tea")
    two.amina.save(reply, "on--to--curious", "Whether he wanted it")
    assert "All through the tea" not in two.seen(two.sue)
    assert two.press(two.amina, reply, "one", ON) == 302
    seen = two.seen(two.sue)
    assert seen.index("How long was it there?") < seen.index("All through the tea")
    assert "Whether he wanted it" not in seen
    assert f'data-key="{ON}--2"' in two.sue.get(f"entries/{two.review}").text
    assert two.press(two.amina, reply, "all") == 302
    # Beside the question it answers, which was about the whole sheet.
    seen = two.seen(two.sue)
    assert seen.index("What did you not ask?") < seen.index("Whether he wanted it")
    two.sue.save(two.review, f"{ON}--2", "And then?")
    assert two.press(two.sue, two.review, "one", f"{ON}--2") == 302
    seen = two.seen(two.amina)
    assert seen.index("All through the tea") < seen.index("And then?")


def test_an_answer_leads_to_where_it_belongs(two: Two) -> None:
    """Whoever is led to an answer by its own address arrives at the sheet it is about; its author
    sees what they released."""
    two.sue.save(two.review, ON, "How long was it there?")
    two.press(two.sue, two.review, "all")
    found = re.search(r'href="/shared/([0-9a-f]{32})"', two.check(two.sue, two.review))
    assert found is not None
    led = two.amina.get(f"shared/{found[1]}")
    assert (led.status, led.location) == (302, f"/shared/{two.snapshot}")
    assert two.sue.get(f"shared/{found[1]}").status == 200


def test_when_the_sheet_is_taken_back_the_words_about_it_stay(two: Two) -> None:
    """The supervisor's own comments stay in their boxes, without a word of what they are about,
    and can still be released; the coach's replies are over with the sheet."""
    two.sue.save(two.review, ON, "How long was it there?")
    two.press(two.sue, two.review, "all")
    reply = two.reply()
    two.amina.save(reply, ON, "All through the tea")
    two.press(two.amina, reply, "all")
    stop = re.search(r'action="/(shares/[0-9a-f]{32}/stop)"', two.seen(two.amina))
    assert stop is not None
    two.amina.post(stop[1])
    page = two.sue.get(f"entries/{two.review}").text
    assert HERON not in page
    assert "All through the tea" not in page
    assert "How long was it there?" in page
    assert two.sue.get(f"shared/{two.snapshot}/rounds").status == 404
    # There is nobody who could read a reply now.
    assert two.press(two.amina, reply, "all") == 400


def test_every_message_leaves_an_open_page_when_it_is_over(two: Two) -> None:
    """What the other said stands in a part of the page that asks whether it may still be read;
    one's own words do not ask."""
    two.sue.save(two.review, ON, "How long was it there?")
    two.press(two.sue, two.review, "all")
    with two.house.records() as records:
        (copy,) = records.sharing.answers_to(two.amina.person, two.snapshot)
    message = re.compile(
        rf'<li class="message" data-still="/shared/{copy}/still"[^>]*>.*?How long was it', re.S
    )
    assert message.search(two.seen(two.amina))
    assert re.search(
        r'<li class="message message-mine">.*?How long was it', two.seen(two.sue), re.S
    )
    reply = two.amina.get(f"entries/{two.reply()}").text
    assert f'data-still="/shared/{copy}/still"' in reply.partition("How long was it")[0]


class Elements(HTMLParser):
    """What stands in the main part of a page: its elements, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.made: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "main"
        handlers = [name for name, _ in attrs if name.startswith("on")]
        if self.inside:
            self.made += [tag, *handlers]

    def handle_data(self, data: str) -> None:
        self.words += data if self.inside else ""


def test_hostile_words_stay_words_in_comments_and_in_what_changed(two: Two) -> None:
    """A comment, a reply and a rewritten answer full of markup are shown as they were typed, on
    the sheet, beside the boxes and among what changed; no element and no handler comes of them."""
    hostile = "\n".join(text for text in HOSTILE if text.isprintable() and len(text) < 400)
    two.sue.save(two.review, ON, hostile)
    two.press(two.sue, two.review, "all")
    reply = two.reply()
    two.amina.save(reply, ON, hostile)
    two.press(two.amina, reply, "all")
    newer = TestRounds().again(two, f"{HERON} {hostile}", rounds=True)
    told = {
        f"shared/{two.snapshot}": 2,
        f"shared/{newer}/rounds": 3,
        f"entries/{two.review}": 2,
    }
    for address, times in told.items():
        page = Elements()
        page.feed(two.sue.get(address).text)
        for line in hostile.splitlines():
            assert page.words.count(line) >= times, (address, line)
        assert not {"script", "img", "iframe", "svg", "b", "base", "style", "math"} & {*page.made}
        assert not [name for name in page.made if name.startswith("on")]


class TestRounds:
    def again(self, two: Two, words: str, *, rounds: bool) -> str:
        put(two.house, two.entry, "amina", what_happened=words)
        fields: dict[str, str | list[str]] = {
            "part": ["what-happened"],
            "until-day": "27",
            "until-month": "3",
            "until-year": "2099",
            "purpose": "To talk about",
            "rounds": [two.sue.person] if rounds else [],
        }
        preview = two.amina.post(f"entries/{two.entry}/share", fields).text
        assert ("can see what you changed since" in preview) is rounds
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview)
        assert seen is not None
        two.amina.post(f"entries/{two.entry}/share", {**fields, "seen": seen[1]})
        found = re.search(r"/shared/([0-9a-f]{32})", two.check(two.amina, two.entry))
        assert found is not None
        return found[1]

    def test_what_changed_stands_in_order_with_what_was_said(self, two: Two) -> None:
        """Both see what was written, what was answered and what was rewritten, word by word, in
        order; what was left out is told as that."""
        two.sue.save(two.review, ON, "How long was it there?")
        two.press(two.sue, two.review, "all")
        newer = self.again(two, "A heron on the bridge", rounds=True)
        for who in (two.sue, two.amina):
            page = who.get(f"shared/{newer}/rounds").text
            assert "in 2 rounds" in page
            assert re.search(r"<del>.*weir.*</del><ins>.*bridge.*</ins>", page)
            first, _, second = page.partition('id="round-2"')
            assert "How long was it there?" in first
            assert "How long was it there?" not in second
            assert "This is not in it any more." in second
        old = two.seen(two.sue)
        assert "There is a newer copy" in old
        assert HERON in old

    def test_without_the_box_the_earlier_copy_is_over(self, two: Two) -> None:
        """The box stands unticked; left so, the new copy takes the place of the old one, and
        nothing of that can be read or compared."""
        check = two.check(two.amina, two.entry)
        box = re.search(r'<input type="checkbox" name="rounds"[^>]*>', check)
        assert box is not None
        assert "checked" not in box[0]
        newer = self.again(two, "A heron on the bridge", rounds=False)
        assert two.sue.get(f"shared/{two.snapshot}").status == 404
        page = two.sue.get(f"shared/{newer}/rounds").text
        assert "weir" not in page
        assert "in one round" in page
        assert "in 2 rounds" in two.amina.get(f"shared/{newer}/rounds").text

    def test_stopping_ends_all_rounds_at_once(self, two: Two) -> None:
        """One press on the newest copy: none of them can be read."""
        newer = self.again(two, "A heron on the bridge", rounds=True)
        page = two.amina.get(f"shared/{newer}/rounds").text
        stop = re.search(r'action="/(shares/[0-9a-f]{32}/stop)"', page)
        assert stop is not None
        assert two.amina.post(stop[1]).status == 302
        for address in (f"shared/{newer}", f"shared/{two.snapshot}", f"shared/{newer}/rounds"):
            assert two.sue.get(address).status == 404


def test_a_step_that_was_released_stands_where_the_coach_looks(two: Two) -> None:
    """An action in a released answer is among the coach's actions, and the next "Getting ready"
    opens with it; before its release it is nowhere."""
    step = {
        "id": "ab12cd34",
        "what": "Count to ten by the weir",
        "owner": "coach",
        "due": "2027-05-05",
        "first_review": "2027-05-01",
        "status": "planned",
    }
    two.sue.save(two.review, "more", "yes")
    saved = two.sue.save(two.review, "steps", [step])
    assert saved.status == 200, saved.text
    with two.house.records() as records:
        ready = records.entries.start(two.amina.person, "coach/getting-ready-for-supervision").id
    opening = two.amina.get(f"entries/{ready}").text
    assert "Count to ten" not in opening
    assert two.press(two.sue, two.review, "one", "steps") == 302
    opening = two.amina.get(f"entries/{ready}").text
    listed = opening[opening.index('aria-label="Your last supervision"') :]
    assert "Count to ten by the weir" in listed.partition("</section>")[0]
    assert f"/shared/{two.snapshot}" in listed
    actions = two.amina.start("pair/what-i-said-i-would-do", pair=two.house.pair)
    page = two.amina.get(f"entries/{actions}").text
    # It leaves a page that is open when it is taken back.
    for words in (listed, page):
        row = words[words.rindex("<li", 0, words.index("Count to ten by the weir")) :]
        assert re.match(r'<li data-still="/shared/[0-9a-f]{32}/still"', row)
    assert "shared.js" in opening
    assert "shared.js" in page


def test_a_thank_you_takes_nothing_back(two: Two) -> None:
    """ "Read, thank you" after a released comment leaves the comment where it was."""
    two.sue.save(two.review, ON, "How long was it there?")
    two.sue.save(two.review, ELSE, "A private draft")
    two.press(two.sue, two.review, "one", ON)
    assert two.sue.post(f"shared/{two.snapshot}/thanks").status == 302
    seen = two.seen(two.amina)
    assert "Read, thank you" in seen
    assert "How long was it there?" in seen
    assert "A private draft" not in seen


def test_each_reading_is_told_to_whose_words_they_are(two: Two) -> None:
    """Opening the sheet opens what was said in it: both are logged, each for its own author;
    writing in the boxes logs nothing more."""
    two.sue.save(two.review, ON, "How long was it there?")
    two.press(two.sue, two.review, "all")

    def lines(who: str) -> int:
        with two.house.records() as records:
            return len(records.read_log.of(two.house.people[who].id))

    hers, mine = lines("sue"), lines("amina")
    two.seen(two.amina)
    assert lines("sue") == hers + 1
    reply = two.reply()
    asked = two.amina.asked(reply, ON)
    opened = lines("sue")
    two.amina.save(reply, ON, "All through the tea", asked=asked)
    two.check(two.amina, reply)
    assert lines("sue") == opened
    assert lines("amina") == mine
