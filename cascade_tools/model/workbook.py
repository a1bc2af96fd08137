"""A workbook: pages of prompts, words and pictures, read from a notebook file."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Answer, Kind, Prompt, Who, given


@dataclass(frozen=True, slots=True)
class Prose:
    """The author's words, as Markdown."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of saved answers that the page can draw by itself: ``show.thinking()``."""

    name: str
    cell_id: str
    cell: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of what is known already, which the server writes into the page: ``show.actions()``.

    No kernel is needed for it.
    """

    name: str
    cell_id: str
    cell: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Thought:
    """Any other cell that thinks; only a kernel can fill its place."""

    cell_id: str
    cell: int = field(default=0, compare=False)


Part = Prose | Prompt | Drawing | Listing | Thought


@dataclass(frozen=True, slots=True)
class Condition:
    """A page is open only if (or, negated, unless) an earlier answer is one of ``codes``."""

    key: str
    codes: tuple[str, ...]
    unless: bool = False

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        return (str(answers.get(self.key)) in self.codes) is not self.unless


@dataclass(frozen=True, slots=True)
class Moment:
    """What has happened to an entry, as far as it decides which pages are open.

    ``opened``: both halves of a pair have opened their sealed sheets.  ``days``: how old it is.
    """

    opened: bool = False
    days: int = 0


NOW = Moment()


@dataclass(frozen=True)
class Page:
    """One page.  ``once_opened`` waits until both sealed sheets are open, ``after_days`` until the
    entry is so old.  ``tags`` say what a page gives: assessment, challenge or support
    (source: Center for Creative Leadership, as told in the 2005 study of the sector).
    """

    id: str
    title: str
    parts: tuple[Part, ...]
    conditions: tuple[Condition, ...] = ()
    once_opened: bool = False
    after_days: int = 0
    tags: tuple[str, ...] = ()

    def is_due(self, moment: Moment) -> bool:
        """Whether its time has come."""
        return moment.days >= self.after_days and (moment.opened or not self.once_opened)

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        return tuple(p for p in self.parts if isinstance(p, Prompt))


@dataclass(frozen=True)
class Workbook:
    """One notebook, read.  What it says of itself is worked out once, not for each page.

    ``id`` is its path without ending (``"coach/after-i-coach"``); ``about`` says what one Entry
    belongs to: ``"session"``, ``"pair"``, ``"meeting"``, ``"snapshot"``, ``"time"`` (a moment of
    the programme: start, half-way, end, six months later) or ``""`` (just the person).
    ``share_with`` lists whom the author may share with: ``"supervisor"``, ``"coach"``,
    ``"leader"``, ``"author"``.  ``together`` is ``"sealed"`` where both halves of a pair write
    alone and open at once, ``"shared"`` where they keep one copy.  ``public`` needs no account:
    nothing is kept until it is sent.  ``notice`` is the number of what is said here about people's
    data: such a workbook keeps decisions, not answers.  ``minutes`` is how long it usually takes.
    ``review_by`` is the day by which somebody looks at its words again; a module of the manager's
    tool-kit always has one, for rules and policies change.
    """

    id: str
    title: str
    intro: str
    roles: frozenset[Role]
    minutes: int
    pages: tuple[Page, ...]
    about: str = ""
    share_with: tuple[str, ...] = ()
    summary: str = ""
    next_words: str = ""
    desk: bool = False
    together: str = ""
    public: bool = False
    notice: str = ""
    review_by: date | None = None

    @property
    def module(self) -> bool:
        """Whether it is a short module of the manager's tool-kit, to be done by oneself."""
        return self.id.startswith("toolkit/")

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        return tuple(p for page in self.pages for p in page.prompts)

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        return tuple(p for page in self.pages for p in page.parts if isinstance(p, Drawing))

    @cached_property
    def thinks(self) -> bool:
        """Whether a page of this workbook needs a kernel."""
        return any(isinstance(p, Drawing | Thought) for page in self.pages for p in page.parts)

    @cached_property
    def only_draws(self) -> bool:
        """Whether pictures are all that its kernel gives, so that it needs nothing of Voila's."""
        return not any(isinstance(p, Thought) for page in self.pages for p in page.parts)

    @property
    def looks_ahead(self) -> bool:
        """Whether it is filled in before its session: its name says so."""
        return self.id.partition("/")[2].startswith("before-")

    @cached_property
    def usual(self) -> Who:
        """Who can see most of its answers: what a page says once for all of them."""
        kept = Counter(p.who for p in self.prompts if p.keep)
        return max(kept, key=lambda who: kept[who], default=Who.MINE)

    def prompt(self, key: str) -> Prompt | None:
        return next((p for p in self.prompts if p.key == key), None)

    def open_pages(self, answers: Mapping[str, Answer], moment: Moment = NOW) -> tuple[Page, ...]:
        """The pages this person sees now.

        A page whose condition fails or whose time has not come is closed, unless something on it
        is answered: an answered page never disappears.  Answers on closed pages do not open
        others.
        """
        seen: dict[str, Answer] = {}
        shown = []
        for page in self.pages:
            written = any(given(answers.get(p.key)) for p in page.prompts)
            if written or (page.is_due(moment) and all(c.holds(seen) for c in page.conditions)):
                shown.append(page)
                seen.update({p.key: answers.get(p.key) for p in page.prompts})
        return tuple(shown)

    def classes(self) -> Iterator[tuple[Who, tuple[Prompt, ...]]]:
        """The prompts by who can see them, for "What this records and who can see it"."""
        for who in Who:
            these = tuple(p for p in self.prompts if p.who is who and p.keep)
            if these:
                yield who, these


def scales(workbook: Workbook, item_set: str) -> dict[str, Prompt]:
    """The scale prompts that stand for items of a set: ``scales(w, "thinking")["D1"]``."""
    return {
        p.words_from.split("/", 1)[1]: p
        for p in workbook.prompts
        if p.kind is Kind.SCALE and p.words_from.startswith(f"{item_set}/")
    }
