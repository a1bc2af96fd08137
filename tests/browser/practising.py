"""How somebody presses and writes when they practise alone: mouse, keyboard, or a thumb.

Each press is a whole page of the server's; afterwards the focus is on what is new, within sight.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from cascade_tools import content
from cascade_tools.model.practice import END, Drill, DrillItem, Scene
from tests.browser.test_keyboard import tab_to
from tests.browser.test_pages import SIDEWAYS

LEAST = 44  # pixels of whatever a thumb has to meet


def by_mouse(page: Page, name: str, found: Locator) -> None:
    """A click."""
    found.click()


def by_keyboard(page: Page, name: str, found: Locator) -> None:
    """Tab until the focus is there, which shows at every stop; then Space on a box or a button of
    a form, Enter on everything else."""
    tab_to(page, f"^{re.escape(name)}")
    boxed = page.evaluate("document.activeElement.matches('input, .go')")
    page.keyboard.press("Space" if boxed else "Enter")


def by_thumb(page: Page, name: str, found: Locator) -> None:
    """A tap on something that is big enough, on a page that does not scroll sideways."""
    found.scroll_into_view_if_needed()
    box = found.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= LEAST - 0.5, (name, box)
    assert page.evaluate(SIDEWAYS) is None, page.url
    found.tap()


@dataclass
class Alone:
    """Somebody at ``page``, who presses in their own way and goes the ``nth`` way through: a
    longest one, or one of two short ones.

    ``asked`` are the addresses that were asked for; ``wrote`` what was written.
    """

    page: Page
    home: str
    means: Callable[[Page, str, Locator], None]
    nth: int
    asked: list[str] = field(default_factory=list)
    wrote: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.asked.append(request.url))

    def press(self, name: str, role: str = "button") -> None:
        """Press what is called so, and be on the page that follows."""
        found = self.page.get_by_role(role, name=name, exact=role == "button").first  # type: ignore[arg-type]
        with self.page.expect_navigation():
            self.means(self.page, name, found)
        if role == "button":
            new = self.page.locator("#now")
            expect(new).to_be_focused()
            expect(new).to_be_in_viewport()

    def press_here(self, name: str, found: Locator) -> None:
        """Press something that leads nowhere: a box, a fold, the clock."""
        self.means(self.page, name, found)

    def write(self, label: str) -> str:
        """Words of one's own, in the box called so."""
        words = f"Capercaillie {self.nth} at window {len(self.wrote)}"
        self.wrote.append(words)
        box = self.page.get_by_label(label)
        if self.means is by_keyboard:
            tab_to(self.page, f"^{re.escape(label)}")
            self.page.keyboard.type(words)
        else:
            self.press_here(label, box)
            box.fill(words)
        return words

    def open(self, title: str) -> None:
        """From the list to one conversation or practice."""
        if self.page.url != self.home + "practice":
            self.page.goto(self.home + "practice")
        self.press(title, "link")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def see(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_text(" ".join(text.split())).first).to_be_visible()

    # A conversation

    def talk(self, scene: Scene) -> None:
        """One way through, with each stop on it, to the look back."""
        ways = sorted(scene.paths(), key=len)
        short = [way for way in ways if len(way) == len(ways[0])]
        plan = list((ways[-1], short[0], short[-1])[self.nth])
        self.open(scene.title)
        turn = scene.turn(scene.turns[0].id)
        while turn is not None:
            self.see(turn.says)
            id = plan.pop(0) if plan else next(r.id for r in turn.replies if r.acceptable)
            reply = turn.reply(id)
            assert reply is not None
            self.press(" ".join(reply.words.split()))
            self.see(reply.then)
            if scene.right and not reply.acceptable:
                plan = self._stopped(reply.next, plan)
                if reply.next == END:
                    continue
            turn = scene.turn(reply.next)
        mine = self.write("What else might you say, in your words?")
        self.press("Look back at it")
        self.see(mine, scene.learning)
        fold = self.page.locator("summary", has_text="What else you might have said").first
        self.press_here("What else you might have said", fold)
        expect(self.page.locator(".others").first).to_be_visible()

    def _stopped(self, next: str, plan: Sequence[str]) -> list[str]:
        """See how it goes on, where it does; otherwise try again from there, the right way."""
        self.see("Stop here", "You do not have to be sure.")
        if next != END:
            self.press("See how it goes on")
            return list(plan)
        self.press("Try it again from here")
        return []

    # The practices

    def drill(self, drill: Drill) -> None:
        """One thing to try, to what is said afterwards; then another is asked."""
        self.open(drill.title)
        item = self._item(drill)
        answer: Callable[[DrillItem], None] = getattr(self, f"_{drill.kind}")
        answer(item)
        self.see(item.why)
        self.press("Another one")
        assert self._item(drill) is not item

    def _item(self, drill: Drill) -> DrillItem:
        shown = self.page.locator("blockquote.says").inner_text()
        return next(i for i in drill.items if " ".join(i.words.split()) == shown)

    def _choose(self, drill: Drill, place: int) -> None:
        words = drill.choices[place % len(drill.choices)][1]
        self.press(words)
        expect(self.page.locator("#now")).to_contain_text(words)

    def _spot(self, item: DrillItem) -> None:
        self._choose(kind_of("spot"), self.nth * 3)

    def _advice(self, item: DrillItem) -> None:
        self._choose(kind_of("advice"), self.nth)

    def _turn(self, item: DrillItem) -> None:
        mine = self.write("Ask it another way")
        self.press("Look at two other ways")
        self.see(mine, *item.answers)
        check = kind_of("turn").checks[self.nth]
        self.press_here(check, self.page.locator("label", has_text=check))
        expect(self.page.get_by_label(check)).to_be_checked()

    def _order(self, item: DrillItem) -> None:
        self.press("Look at one good order")
        expect(self.page.get_by_role("alert")).to_be_visible()
        for place in range(len(item.answers)):
            box = self.page.locator(f"#place-{place}")
            if self.means is by_keyboard:
                self.page.keyboard.press("Tab")
                expect(box).to_be_focused()
                self.page.keyboard.type(str(place + 1))
            else:
                self.press_here(f"place {place}", box)
                box.fill(str(place + 1))
        self.press("Look at one good order")
        self.see("One good order")

    def _silence(self, item: DrillItem) -> None:
        self.press(f"{item.answers[self.nth]} seconds")
        self.press_here("Switch the clock off", self.page.locator("#clock-off"))
        expect(self.page.get_by_role("timer")).to_be_hidden()
        self.press("Continue")
        mine = self.write("What did you want to say?")
        self.press("Go on")
        self.see(mine)


def kind_of(kind: str) -> Drill:
    return next(drill for drill in content.drills() if drill.kind == kind)
