"""Before sharing: who would read a sheet, what they would see, what looks like personal detail."""

from datetime import UTC, date, datetime, time, timedelta

from cascade_tools.draw.details import Look
from cascade_tools.model.entry import Entry, Outline
from cascade_tools.model.names import known_names
from cascade_tools.model.people import Pair, Role
from cascade_tools.model.replay import REPLAY
from cascade_tools.model.sharing import Action, Relation, State, Thing, may
from cascade_tools.model.workbook import Workbook
from cascade_tools.records import Reader
from cascade_tools.server.base import Page
from cascade_tools.server.composing import moment_of, values
from cascade_tools.server.pairs import today_of

OUR_AGREEMENT = "pair/our-agreement"
DAYS_AFTER_ENDING = 30


def kind_of(entry: Entry, workbook: Workbook) -> str:
    """How this sheet may reach anybody else: one of six ways."""
    if workbook.about == "meeting":
        return "meeting"
    if workbook.id == OUR_AGREEMENT and entry.pair_id is not None:
        return "agreement"
    if workbook.id == REPLAY:
        return "replay"
    return entry.together or "share"


def pair_of(page: Page, entry: Entry) -> Pair | None:
    """The pair this sheet belongs to; None where it belongs to none."""
    pairs = page.records.people.pairs_of(page.person.id) if entry.pair_id else []
    return next((p for p in pairs if p.id == entry.pair_id), None)


def readers_of(page: Page, entry: Entry, workbook: Workbook) -> list[Reader]:
    """Whom its author could let read this sheet now."""
    if entry.person_id != page.person.id:
        return []
    match kind_of(entry, workbook):
        case "share":
            roles = workbook.share_with
            return page.records.sharing.readers(page.person.id, entry.id, roles) if roles else []
        case "replay":
            return page.records.sharing.readers(page.person.id, entry.id, (Role.SUPERVISOR.value,))
        case "sealed" | "agreement":
            pair = pair_of(page, entry)
            other = pair.other(page.person.id) if pair else None
            if pair is None or other is None:
                return []
            role = Role.COACH if other.id == pair.coach.id else Role.LEADER
            return [Reader(other.id, other.name, role.value)]
    return []


def everything(page: Page, entry: Entry, workbook: Workbook) -> Outline:
    """All that could be shared of a sheet now, with every box ticked.

    The gate leaves out what may not leave.  A page about what the other wrote never goes to them.
    """
    saved = page.records.entries.answers(page.person.id, entry.id)
    kind = kind_of(entry, workbook)
    return Outline(
        tuple(
            (
                one.id,
                one.title,
                tuple(p.key for p in one.prompts if kind != "agreement" or not p.own_tick),
            )
            for one in workbook.open_pages(values(saved), moment_of(page.serving, entry))
            if kind != "sealed" or not one.once_opened
        )
    )


def usual_end(page: Page, pair: Pair | None) -> date:
    """Until when something is shared unless its author says otherwise.

    So many days as the programme says, or 30 days after the pair's ending, whichever is sooner.
    """
    today = today_of(page.serving)
    usual = today + timedelta(days=page.serving.settings.share_default_days)
    ending = (pair.ended or pair.ends) if pair else None
    if ending is None:
        return usual
    return min(usual, max(ending, today) + timedelta(days=DAYS_AFTER_ENDING))


def ends_with(page: Page, day: date) -> datetime:
    """The last minute of a day where the programme is."""
    last = datetime.combine(day, time(23, 59), page.serving.settings.zone)
    return last.astimezone(UTC)


def look_at(page: Page, entry: Entry, workbook: Workbook, readers: list[Reader]) -> Look | None:
    """The look for personal details in what these readers could see; None without readers.

    It knows the names on the author's own list and those of their other halves, less the readers'.
    """
    if not readers:
        return None
    me = page.person.id
    others = [pair.other(me) for pair in page.records.people.pairs_of(me)]
    known = {r.id for r in readers}
    names = [p.name for p in others if p is not None and p.id not in known]
    return Look(
        known=known_names([*page.records.own_names.of(me), *names]),
        today=today_of(page.serving),
        places={
            prompt.key: page.to(f"entries/{entry.id}", page=one.id) + f"#prompt-{prompt.key}"
            for one in workbook.pages
            for prompt in one.prompts
            if may(Relation.AUTHOR, Action.SHARE, Thing.ANSWER, prompt.who, State.DRAFT)
        },
    )
