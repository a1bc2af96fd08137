"""How long each kind of record is kept, from when, and why.

The dates are worked out from facts, never stored: when a pair ends later, what hangs on its ending
is kept longer.  The months are a proposal that a programme's controller settles and may change in
``programme.toml`` under ``[retention]``.  Source of the defaults: the kit's rules of
confidentiality, and the storage limitation of UK data protection law (keep no longer than needed,
and say why).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cascade_tools.model.journey import months_after

# One's own writing is first asked about this long before its end.
NUDGE_MONTHS = 6
LEAST_MONTHS, MOST_MONTHS = 1, 240

OWN_WRITING = "own-writing"
SHARED_COPIES = "shared-copies"
REVIEWS = "reviews"
KEPT_TOGETHER = "kept-together"
SUPERVISION_SHEETS = "supervision-sheets"
ATTENDANCE = "attendance"
GROUP_ANSWERS = "group-answers"
READ_LOG = "read-log"
CONSENTS = "consents"
PEOPLE = "people"
TALKS = "talks"
SUBMISSIONS = "submissions"
FEEDBACK = "feedback"
REQUESTS = "requests"
SIGNING_IN = "signing-in"
ATTEMPTS = "attempts"
TOMBSTONES = "tombstones"
WARNINGS = "warnings"
HOLDS = "holds"
BACKUPS = "backups"
QUESTIONS = "questions"
TOTALS = "totals"
KNOWLEDGE = "knowledge"
LEARNING_NOTES = "learning-notes"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind of record is kept.

    ``covers`` says what, ``since`` from what day on, ``why`` for what reason.  It is kept for
    ``months``, or for ``after`` where that is a matter of days or hours; with neither it has no
    end of its own.  ``warnings`` is how often its author is told before it goes.
    """

    covers: str
    since: str
    why: str
    months: int | None = None
    after: timedelta | None = None
    warnings: int = 0


RULES: Mapping[str, Rule] = {
    OWN_WRITING: Rule(
        "What somebody writes for themselves, and the original of what they shared",
        "the last change, or the day its author asked to keep it",
        "It is the author’s to keep; what nobody has touched for so long is likely forgotten.",
        18,
        warnings=2,
    ),
    SHARED_COPIES: Rule(
        "Copies shared with a reader, and what they were for",
        "the pair’s ending, or the end of the share where there is no pair",
        "They were shared for the work of the pair, and that is over.",
        6,
        warnings=1,
    ),
    REVIEWS: Rule(
        "What a supervisor answered to a shared copy",
        "the pair’s ending, or the end of the share where there is no pair",
        "Whoever it is about can come back to it for a year.",
        12,
        warnings=1,
    ),
    KEPT_TOGETHER: Rule(
        "Agreements, actions and whatever both halves of a pair keep together",
        "the pair’s ending",
        "Both may want to look back at the six-month review, and to settle a complaint.",
        12,
        warnings=1,
    ),
    SUPERVISION_SHEETS: Rule(
        "The sheet of a supervision that took place",
        "the last ending of the coaches who were there; the meeting, where no pair is known "
        "(then for three years)",
        "Supervision looks back over the whole of a pair’s work.",
        12,
        warnings=1,
    ),
    ATTENDANCE: Rule(
        "Pairs, sessions, meetings and who supervised whom: dates, length and attendance",
        "the day itself, but not before the pair has ended",
        "Programmes account for volunteer hours, and coaches for supervised practice.",
        36,
    ),
    GROUP_ANSWERS: Rule(
        "Answers given for group results",
        "the day the last look back is due",
        "Needed until the last report is made; its totals stay, and they are nobody’s.",
        6,
    ),
    READ_LOG: Rule(
        "Who opened what and when",
        "the day what was opened was erased",
        "An author can ask about a reading for a year after the words have gone.",
        12,
    ),
    CONSENTS: Rule(
        "What somebody said yes or no to, and under which notice",
        "the day they left",
        "Six years is the time in which a claim can be made (Limitation Act 1980).",
        72,
    ),
    PEOPLE: Rule(
        "Names, phone numbers, roles, passphrases, authenticator apps and own lists of names",
        "the day they left",
        "Dates and attendance say nothing without the names; then the names go, too.",
        36,
    ),
    TALKS: Rule(
        "That a coach asked to talk: no reason, no details",
        "the day it was answered or taken back",
        "A supervisor may want to see whether it happens often.",
        12,
    ),
    SUBMISSIONS: Rule(
        "What somebody gave to the programme without an account",
        "the day it was sent",
        "Long enough for the next round of places.",
        12,
    ),
    FEEDBACK: Rule(
        "What was thought of a workbook; nothing says who",
        "the day it was given",
        "Workbooks are revised every few years.",
        36,
    ),
    REQUESTS: Rule(
        "Complaints and requests about data: only what kind and when",
        "the day it was answered, or received where it was not",
        "To show that each was answered in time.",
        36,
    ),
    SIGNING_IN: Rule(
        "Sign-ins, one-time links and tickets",
        "the day each ended",
        "To find out about a sign-in that was somebody else’s.",
        3,
    ),
    ATTEMPTS: Rule(
        "Sign-ins that did not succeed, under keyed hashes",
        "the attempt",
        "Only to slow down guessing.",
        after=timedelta(hours=1),
    ),
    TOMBSTONES: Rule(
        "That something was erased, when and why: no word of it",
        "the day it was erased",
        "So that nobody wonders where it went.",
        12,
    ),
    WARNINGS: Rule(
        "That an author was told that something will be erased, or asked to keep it",
        "what it is about: both go together",
        "Nothing goes without being told.",
    ),
    HOLDS: Rule(
        "That the law wanted something kept: why, and until when",
        "the day the hold ended",
        "Six years is the time in which a claim can be made (Limitation Act 1980).",
        72,
    ),
    BACKUPS: Rule(
        "Backups in the programme folder; nobody can read one without the key",
        "the day it was made",
        "Long enough to notice a loss, short enough that erasing means erasing.",
        after=timedelta(days=35),
    ),
    QUESTIONS: Rule(
        "The wording of questions, and what the kit itself needs to work",
        "nothing",
        "They are the kit’s words and nobody’s own.",
    ),
    TOTALS: Rule(
        "Group results as they were released: counts made safe",
        "nothing",
        "They are totals; nobody can be found in them, and nobody can be taken out again.",
    ),
    KNOWLEDGE: Rule(
        "Cards of a learning event, with their themes, the code and the note being written; "
        "nothing says who wrote a card",
        "the day it was closed, or half a year after it was begun where nobody closed it",
        "Long enough to write the note. Then the cards have done their work, and somebody might "
        "still know whose they are.",
        6,
    ),
    LEARNING_NOTES: Rule(
        "A learning note as it was released: only what may be printed",
        "nothing: a programme lead may erase it at any time",
        "The next cohort learns from it; it holds nobody, and may be in print already.",
    ),
}


def months_of(rule: str, changed: Mapping[str, int] | None = None) -> int | None:
    """The months of a rule in this programme; None where it is not counted in months."""
    months = RULES[rule].months
    return None if months is None else (changed or {}).get(rule, months)


def keep_until(
    rule: str, since: date | None, changed: Mapping[str, int] | None = None
) -> date | None:
    """The first day on which a record of this rule may go, counted from the day ``since``.

    None where there is no end: the rule has none, or what it counts from has not happened yet.
    ``changed`` holds the programme's own months by rule.  Raises ``KeyError`` for an unknown rule.
    """
    months, after = months_of(rule, changed), RULES[rule].after
    if since is None or (months is None and after is None):
        return None
    return since + after if after is not None else months_after(since, months or 0)


def fault_in(changed: Mapping[str, Any]) -> str:
    """What is impossible about these months by rule, with the fix; empty where nothing is."""
    for rule, months in changed.items():
        if rule not in RULES or RULES[rule].months is None:
            names = ", ".join(name for name, known in RULES.items() if known.months is not None)
            return f"retention has no {rule!r}. It may change: {names}."
        least = NUDGE_MONTHS + 1 if rule == OWN_WRITING else LEAST_MONTHS
        whole = isinstance(months, int) and not isinstance(months, bool)
        if not whole or not least <= months <= MOST_MONTHS:
            return f"retention: {rule} must be a number of months from {least} to {MOST_MONTHS}."
    for rule in (SHARED_COPIES, REVIEWS, KEPT_TOGETHER, SUPERVISION_SHEETS, GROUP_ANSWERS):
        if (months_of(ATTENDANCE, changed) or 0) < (months_of(rule, changed) or 0):
            return f"retention: {ATTENDANCE} must not be less than {rule}, which counts from it."
    return ""


def later(*days: date | None) -> date | None:
    """The last of these days; None as soon as one of them is not known yet."""
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
