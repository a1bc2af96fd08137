"""What the two halves of a fictional pair write, seal, open, talk over and agree."""

from collections.abc import Callable
from datetime import timedelta

from cascade_tools.model.entry import Outline
from cascade_tools.model.prompts import Who
from cascade_tools.model.workbook import Workbook
from cascade_tools.programme.story import OPENED_AFTER, Doc, Story

AGREEMENT = "pair/our-agreement"
PARTS = ("coach", "leader")
YEARS = timedelta(days=730)


def tell(story: Story, doc: Doc) -> None:
    """Put every act of ``data/demo/together.yaml`` into the story."""
    for sheet in doc["together"]:
        _sealed(story, sheet)
    for talk in doc["talked"]:
        _talked(story, talk)
    for agreement in doc["agreements"]:
        _agreement(story, agreement)


def _half(story: Story, pair: str, part: str) -> str:
    """One half of a pair, as ``data/demo`` names them."""
    return story.halves[pair][PARTS.index(part)]


def _outline(workbook: Workbook) -> Outline:
    """All that may leave a sheet that two people open to each other."""
    return Outline(
        tuple(
            (page.id, page.title, tuple(p.key for p in page.prompts if p.who is Who.PAIR))
            for page in workbook.pages
        )
    )


def _sealed(story: Story, sheet: Doc) -> None:
    """Both halves write alone and seal; it opens when the second has, and then they read it."""
    workbook = story.shelf.get(sheet["workbook"])
    gate = story.records
    made: dict[str, str] = {}

    def seal(part: str, name: str) -> Callable[[], None]:
        def act() -> None:
            person, pair_id = story.people[name], story.pairs[sheet["pair"]]
            entry = gate.entries.start(person, workbook.id, pair_id=pair_id, together="sealed")
            made[part] = entry.id
            story.write(name, entry.id, workbook, sheet[part])
            document = gate.sharing.compose(person, entry.id, _outline(workbook))
            gate.together.commit(person, entry.id, document, story.clock.at + YEARS)

        return act

    def read(part: str, name: str) -> Callable[[], None]:
        def act() -> None:
            person = story.people[name]
            theirs = gate.together.status(person, made[part]).theirs_snapshot
            if theirs is not None:
                gate.sharing.read(person, theirs)
            story.add(name, made[part], workbook, sheet.get("afterwards", {}).get(part, {}))

        return act

    halves = {part: _half(story, sheet["pair"], part) for part in PARTS if part in sheet}
    days = {part: sheet.get(f"{part}_days_ago", sheet["days_ago"]) for part in halves}
    when = {part: story.calendar.moment(days[part], f"{sheet['id']} {part}") for part in halves}
    for part, name in halves.items():
        story.at(when[part], seal(part, name))
    if len(halves) < len(PARTS):
        return
    for part, name in halves.items():
        if part != sheet.get("unread"):
            story.at(max(when.values()) + OPENED_AFTER, read(part, name))


def _talked(story: Story, talk: Doc) -> None:
    """A pair talked it over aloud, or went on without it; one of the two says so."""
    name = _half(story, talk["pair"], talk["by"])
    on = story.calendar.day(-talk["days_ago"])

    def mark() -> None:
        story.records.together.mark(
            story.people[name], story.pairs[talk["pair"]], talk["workbook"], talk["way"], on
        )

    story.at(story.calendar.moment(talk["days_ago"], f"{talk['pair']} {talk['workbook']}"), mark)


def _agreement(story: Story, agreement: Doc) -> None:
    """One half proposes a page; the other accepts it, or has not yet."""
    workbook = story.shelf.get(AGREEMENT)
    pair, gate = agreement["pair"], story.records
    ends = story.calendar.day(agreement["ends"])
    answers = {**agreement["answers"], "ends": ends.isoformat()}
    proposer = _half(story, pair, agreement["by"])
    made: list[str] = []

    def propose() -> None:
        person = story.people[proposer]
        # A page that was agreed stays as it was: a change is a page of its own.
        entry = gate.entries.start(person, AGREEMENT, pair_id=story.pairs[pair], again=True)
        story.write(proposer, entry.id, workbook, answers)
        document = gate.sharing.compose(person, entry.id, _outline(workbook))
        made.append(
            gate.agreements.propose(
                person,
                entry.id,
                document,
                ends=ends,
                label=answers["label"],
                until=story.clock.at + YEARS,
            )
        )

    def accept() -> None:
        other = PARTS[1 - PARTS.index(agreement["by"])]
        gate.agreements.accept(story.people[_half(story, pair, other)], made[0])

    story.at(story.calendar.moment(agreement["days_ago"], f"{pair} agreement"), propose)
    if "accepted_days_ago" in agreement:
        when = story.calendar.moment(agreement["accepted_days_ago"], f"{pair} agreement")
        story.at(when + OPENED_AFTER, accept)
