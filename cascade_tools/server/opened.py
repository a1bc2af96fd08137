"""Who opened what somebody wrote, as that person reads it."""

from dataclasses import dataclass

from cascade_tools.model.entry import Entry
from cascade_tools.model.people import Person
from cascade_tools.server.lines import Line
from cascade_tools.server.serving import Serving

HOW = {
    "page": "read it",
    "collect": "made a table of it",
    "side-by-side": "looked at it beside your other sheets",
    "brief": "put some of it on one page before you meet",
    "break-glass": "read it without asking you",
    "refused": "tried when it was over, and saw nothing",
}
ERASED = "Something that was erased"


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the log: who, when, what, the version of when, in which way, and why."""

    who: str
    when: str
    what: str
    version: str
    how: str
    reason: str


def seen(serving: Serving, person: Person) -> list[Seen]:
    """Everything that happened to this person's words, newest first."""
    entries = {e.id: e for e in serving.records.entries.mine_and_ours(person.id)}
    return [
        Seen(
            who=o.reader,
            when=serving.clock(o.at),
            what=_name(serving, entries.get(o.entry_id or "")),
            version="" if o.way == "refused" else serving.clock(o.version_at),
            how=HOW.get(o.way, o.way),
            reason=o.reason,
        )
        for o in serving.records.read_log.of(person.id)
    ]


def _name(serving: Serving, entry: Entry | None) -> str:
    if entry is None:
        return ERASED
    session = f", session {entry.session_number}" if entry.session_number else ""
    return f"{serving.title_of(entry.workbook)}{session}"


def broken_glass(serving: Serving, person: Person) -> list[Line]:
    """Somebody read this person's words without asking: told for two weeks, and in the log for
    good."""
    return [
        Line(
            f"{o.reader} read what you wrote on {serving.day(o.at)}, without asking you. "
            f"They gave this reason: “{o.reason}”",
            serving.addresses.to("me"),
            "See what was read",
        )
        for o in serving.records.read_log.broken(person.id)
    ]
