"""What one person might do next, the most pressing first.  Nothing chases anybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cascade_tools.model.entry import Entry
from cascade_tools.model.journey import has_not_met, suggestions
from cascade_tools.model.people import Held, Pair, Person, Role
from cascade_tools.model.prompts import given
from cascade_tools.model.sharing import State
from cascade_tools.server.composing import about, sealed_until
from cascade_tools.server.pairs import Together
from cascade_tools.server.serving import Serving

BELOW = "leader/going-below-the-surface"
REPLY = "coach/answering-a-comment"
READY = "coach/getting-ready-for-supervision"
REVIEW = "supervisor/reviewing-a-reflection"
BACK_AT_MY_PLACE = "coach/after-i-coach"
TAKEN_HOME, LOOKED_BACK = "own-team-question", ("asked-own-team", "asked-what-happened")
TWO_WEEKS, TWO_MONTHS = 14, 60
DAYS_BEFORE_SUPERVISION = 4


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do: what, where, and one quiet line."""

    words: str
    address: str
    about: str = ""


def to_do(
    serving: Serving,
    person: Person,
    entries: list[Entry],
    pairs: list[tuple[Pair, Together]],
    most: int,
) -> list[ToDo]:
    """What this person might do now, the first ``most``, in order; the rest is not looked for."""
    found: dict[ToDo, None] = {}
    for one in _ToDo(serving, person, entries, pairs).all():
        found[one] = None
        if len(found) == most:
            break
    return list(found)


class _ToDo:
    def __init__(
        self,
        serving: Serving,
        person: Person,
        entries: list[Entry],
        pairs: list[tuple[Pair, Together]],
    ) -> None:
        self.serving, self.records = serving, serving.records
        self.person, self.entries, self.pairs = person, entries, pairs
        self.to = serving.addresses.to
        self.now = serving.records.store.now()
        self.today = self.now.astimezone(serving.settings.zone).date()
        self.shared = self.records.desk(person, "page").shared()

    def all(self) -> Iterator[ToDo]:
        if Role.SUPERVISOR in self.person.roles:
            yield from self._supervisor()
        yield from self._answers_to_read()
        yield from self._opened_together()
        yield from self._proposals()
        yield from self._journey()
        if Role.COACH in self.person.roles:
            yield from self._before_supervision()
            yield from self._back_at_my_place()
            yield from self._not_met()
        yield from self._letters()
        yield from self._unfinished()
        if Role.LEAD in self.person.roles:
            yield from self._sent()
        if Role.LEADER in self.person.roles and not self._written(BELOW):
            yield ToDo(
                "Go below the surface",
                self.to(f"workbooks/{BELOW}"),
                "One question at a time. Stop wherever you like.",
            )

    def _written(self, workbook: str) -> bool:
        return any(e.workbook == workbook for e in self.entries)

    def _supervisor(self) -> Iterator[ToDo]:
        caseload = self.records.desk(self.person, "page").caseload()
        overview = self.to("workbooks/supervisor/my-overview")
        today = [c for c in caseload if c.asked == "today"]
        for c in today:
            yield ToDo(f"Ring {c.name}", overview, f"Asked to talk today. {c.phone}".strip())
        unread = [(c, s) for c in caseload for s in c.unread]
        if len(unread) == 1:
            coach, share = unread[0]
            what = "answered" if share.workbook == REPLY else "shared"
            yield ToDo(f"Read what {coach.name} {what}", self.to(f"shared/{share.id}"), share.label)
        elif unread:
            yield ToDo(f"Read {len(unread)} reflections shared with you", overview, "My overview")
        elif not today:
            yield ToDo("See how your coaches are", overview, "My overview")

    def _answers_to_read(self) -> Iterator[ToDo]:
        """What somebody answered or shared and this person has not opened yet."""
        own = self.records.sharing.of(self.person.id) if self.shared else []
        for share in self.shared:
            if share.opened_at is not None:
                continue
            workbook = self.serving.shelf.find(share.workbook)
            if share.workbook == REVIEW:
                mine = next((s for s in own if share.id in self._answers(s.snapshot_id)), None)
                if mine is not None:
                    entry = next(e for e in self.entries if e.id == mine.entry_id)
                    address = self.to(f"shared/{mine.snapshot_id}")
                    yield ToDo(f"Read what {share.author} answered", address, about(entry))
            elif workbook is not None and workbook.about == "pair":
                continue
            elif Role.SUPERVISOR not in self.person.roles:
                yield ToDo(f"Read what {share.author} shared", self.to(f"shared/{share.id}"))

    def _answers(self, snapshot_id: str) -> list[str]:
        return self.records.sharing.answers_to(self.person.id, snapshot_id)

    def _opened_together(self) -> Iterator[ToDo]:
        """Both have sealed a sheet, and this person has not yet read the other's."""
        read = {s.id for s in self.shared if s.opened_at is not None}
        for entry in self.entries:
            if entry.state is not State.OPENED:
                continue
            theirs = self.records.together.status(self.person.id, entry.id).theirs_snapshot
            if theirs is not None and theirs not in read:
                title = self.serving.title_of(entry.workbook)
                address = self.to(f"together/{entry.id}")
                yield ToDo(f"Read what you both wrote: {title}", address, about(entry))

    def _proposals(self) -> Iterator[ToDo]:
        for pair, together in self.pairs:
            for agreement in together.agreements:
                waiting = agreement.accepted_at is None and not agreement.mine
                if waiting:
                    yield ToDo(
                        f"Read the agreement {agreement.proposed_by} proposes",
                        self.to(f"pairs/{pair.id}/agreement"),
                        pair.label,
                    )

    def _journey(self) -> Iterator[ToDo]:
        settings = self.serving.settings
        done = {
            f"{e.workbook} {e.session_id or e.about_id or e.pair_id or ''}"
            for e in self.entries
            if e.saved_at is not None
        }
        for pair, together in self.pairs:
            role = Role.COACH if pair.coach.id == self.person.id else Role.LEADER
            for s in suggestions(
                pair,
                role,
                settings.sessions_planned,
                settings.followup_months,
                self.today,
                # Also what this pair has done aloud, without writing, or has agreed already.
                done | {f"{workbook} {pair.id}" for workbook in together.done},
            ):
                if self.serving.shelf.find(s.workbook) is not None:
                    label = pair.label if s.pair_id else ""
                    yield ToDo(s.words, self.to(f"workbooks/{s.workbook}"), label)

    def _before_supervision(self) -> Iterator[ToDo]:
        for meeting in self.records.people.supervisions_of(self.person.id):
            days = [meeting.on] if meeting.state is Held.PLANNED else []
            days += [meeting.next_on] if meeting.next_on else []
            near = [d for d in days if 0 <= (d - self.today).days <= DAYS_BEFORE_SUPERVISION]
            if near and not self._lately(READY, near[0]):
                when = f"{near[0].day} {near[0]:%B}, with {meeting.supervisor.name}"
                yield ToDo("Get ready for supervision", self.to(f"workbooks/{READY}"), when)

    def _lately(self, workbook: str, before: date) -> bool:
        return any(
            e.workbook == workbook and e.saved_at and (before - e.saved_at.date()).days <= TWO_WEEKS
            for e in self.entries
        )

    def _back_at_my_place(self) -> Iterator[ToDo]:
        """Two weeks on, once: was the question asked at home, and what happened?"""
        for entry in self.entries:
            age = (self.now - entry.made_at).days
            if entry.workbook == BACK_AT_MY_PLACE and TWO_WEEKS <= age <= TWO_MONTHS:
                saved = self.records.entries.answers(self.person.id, entry.id)
                taken = TAKEN_HOME in saved and given(saved[TAKEN_HOME].value)
                if taken and not any(key in saved for key in LOOKED_BACK):
                    yield ToDo(
                        "Did you ask your own team that question?",
                        self.to(f"entries/{entry.id}", page="back-at-my-place-two-weeks-on"),
                        about(entry),
                    )

    def _not_met(self) -> Iterator[ToDo]:
        for pair, _ in self.pairs:
            if pair.coach.id == self.person.id and has_not_met(pair, self.today):
                yield ToDo("We have not managed to meet", self.to(f"pairs/{pair.id}"), pair.label)

    def _unfinished(self) -> Iterator[ToDo]:
        for entry in self.entries:
            workbook = self.serving.shelf.find(entry.workbook)
            if entry.committed_at is None and entry.saved_at is not None and workbook is not None:
                if workbook.notice:
                    continue
                saved = f"Started, saved {self.serving.clock(entry.saved_at)}"
                yield ToDo(
                    f"Go on with {workbook.title}",
                    self.to(f"entries/{entry.id}"),
                    ". ".join(x for x in (about(entry), saved) if x),
                )

    def _letters(self) -> Iterator[ToDo]:
        """A letter to oneself whose day has come."""
        for entry in self.entries:
            workbook = self.serving.shelf.find(entry.workbook)
            if workbook is None or entry.committed_at is None:
                continue
            letters = [
                (page, p) for page in workbook.pages for p in page.prompts if p.sealed_months
            ]
            if letters and not sealed_until(self.serving, workbook, entry):
                saved = self.records.entries.answers(self.person.id, entry.id)
                written = [page for page, p in letters if p.key in saved]
                later = [p for page in workbook.pages if page.after_days for p in page.prompts]
                if written and not any(p.key in saved for p in later):
                    yield ToDo(
                        "Open the letter you wrote to yourself",
                        self.to(f"entries/{entry.id}", page=written[0].id),
                        self.serving.day(entry.committed_at),
                    )

    def _sent(self) -> Iterator[ToDo]:
        count = len(self.records.submissions.all(self.person.id))
        if count:
            people = "1 person has" if count == 1 else f"{count} people have"
            yield ToDo(f"{people} asked about coaching", self.to("sent"), "Expressions of interest")
