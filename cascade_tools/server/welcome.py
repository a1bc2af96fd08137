"""``/welcome``: what is kept and who can see it, in a minute; and the choices, one by one."""

from typing import Any

from markupsafe import Markup

from cascade_tools.draw.prompts import prompt_html
from cascade_tools.draw.words import markdown
from cascade_tools.errors import NotFound
from cascade_tools.model.consent import CHOICES, KEEP, WELCOME
from cascade_tools.model.people import Person
from cascade_tools.model.prompts import Prompt, Who
from cascade_tools.model.workbook import Page as WorkbookPart
from cascade_tools.model.workbook import Prose, Workbook
from cascade_tools.server.base import Page
from cascade_tools.server.lines import Line
from cascade_tools.server.serving import Serving


def undecided(serving: Serving, person: Person) -> bool:
    """Whether this person still has to read the present notice and choose."""
    if not serving.notice:
        return False
    decided = serving.records.consents.find(person.id, KEEP)
    return decided is None or decided.version != serving.notice


def nothing_kept(serving: Serving, person: Person) -> list[Line]:
    """Somebody who said no is told what that means, and where to change it."""
    decided = serving.records.consents.find(person.id, KEEP)
    if decided is not None and decided.given:
        return []
    words = (
        "Nothing you write is kept here, because you have not said yes to it. You can read every "
        "workbook, and print it."
    )
    return [Line(words, serving.addresses.to("welcome"), "Change that")]


class Welcome(Page):
    """The words are a workbook's; what is kept of it are decisions, each with its version."""

    before_yes = True

    def _workbook(self) -> Workbook:
        workbook = self.serving.shelf.find(WELCOME)
        if workbook is None:
            raise NotFound("There is nothing here for you.")
        return workbook

    async def get(self) -> None:
        self.show("welcome.html", **await self.work(self._values))

    def _values(self) -> dict[str, Any]:
        workbook = self._workbook()
        decided = self.records.consents.of(self.person.id)
        choices = [
            (self._box(prompt, decided), decided.get(prompt.key), _more(page))
            for page in workbook.pages
            for prompt in page.prompts
        ]
        return {
            "workbook": workbook,
            "choices": choices,
            "folded": [(p.title, _more(p)) for p in workbook.pages if not p.prompts],
            "kept": list(self._kept()),
            "history": self.records.consents.history(self.person.id),
            "asked": {p.key: p.question for p in workbook.prompts},
            "new": bool(decided) and undecided(self.serving, self.person),
            "first": not decided,
        }

    def _box(self, prompt: Prompt, decided: dict[str, Any]) -> Markup:
        """Unticked, unless this person has ticked it, under whichever version."""
        given = prompt.key in decided and decided[prompt.key].given
        return prompt_html(prompt, ["yes"] if given else None, usual=Who.PROGRAMME)

    def _kept(self) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        """Every workbook of this person's roles, with its questions by who can see the answers."""
        return [
            (w.title, [(who.words, [p.question for p in asked]) for who, asked in w.classes()])
            for w in self.serving.offered()
            if w.roles & self.person.roles and not w.notice and any(p.keep for p in w.prompts)
        ]

    async def post(self) -> None:
        await self.work(self._decide)
        self.redirect(self.to())

    def _decide(self) -> None:
        notice = self.serving.notice
        for prompt in self._workbook().prompts:
            if prompt.key in CHOICES:
                given = "yes" in self.get_body_arguments(prompt.key)
                self.records.consents.decide(self.person.id, prompt.key, given, notice)


def _more(page: WorkbookPart) -> Markup:
    words = "\n\n".join(part.markdown for part in page.parts if isinstance(part, Prose))
    return markdown(words)
