"""A workbook at a glance: for whom, when, what it records and who sees that."""

from collections.abc import Mapping

from cascade_tools.model.journey import LOOKING_BACK
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Kind, Who
from cascade_tools.model.workbook import Workbook

_WHEN = {
    "session": "around each session",
    "pair": "once for each pair",
    "meeting": "at each supervision",
    "snapshot": "when somebody has shared something with you",
    "time": "at the start, half-way, at the end, and some months later",
    "": "any time",
}
_READERS = {
    "supervisor": "my supervisor",
    "coach": "my coach",
    "leader": "my leader",
    "author": "whoever shared it with me",
}
_SEEN_BY = {
    Who.ONLY_ME: "seen by its author, always",
    Who.MINE: "its author’s, unless shared",
    Who.PAIR: "seen by the people in it",
    Who.PROGRAMME: "the programme sees that it happened",
    Who.GROUP_RESULTS: "used in group results",
    Who.SUBMITTED: "given to the programme by its author",
}
_WRITTEN = (Kind.TEXT, Kind.LONG, Kind.PERSON, Kind.ACTION, Kind.GOAL)
_TOGETHER = {"sealed": "sealed until both have finished", "shared": "one copy for two people"}


def for_whom(workbook: Workbook, words: Mapping[str, str] | None = None) -> str:
    """``"coach, leader"``; ``words`` are a programme's own for its roles."""
    if workbook.roles == frozenset(Role):
        return "everyone"
    named = [(words or {}).get(str(role), role.words) for role in Role if role in workbook.roles]
    return ", ".join(named)


def when(workbook: Workbook) -> str:
    """When its moment is, as far as the workbook itself says."""
    if workbook.id == LOOKING_BACK:
        return "at the end, and some months later"
    return _WHEN[workbook.about]


def shared_with(workbook: Workbook) -> list[str]:
    """Whom its author may share a copy with, in the author's words."""
    return [_READERS[reader] for reader in workbook.share_with]


def recorded(workbook: Workbook) -> list[str]:
    """What is kept and who sees it: one short line for each class of answers."""
    lines = ["needs no account, and keeps nothing until it is sent"] if workbook.public else []
    if workbook.together:
        lines.append(_TOGETHER[workbook.together])
    for who, prompts in workbook.classes():
        words = sum(p.kind in _WRITTEN for p in prompts)
        counts = [f"{words} in words"] if words else []
        if len(prompts) > words:
            counts.append(f"{len(prompts) - words} ticked or dated")
        lines.append(f"{_SEEN_BY[who]} ({', '.join(counts)})")
    if unkept := sum(not p.keep for p in workbook.prompts):
        lines.append(f"{unkept} asked and not kept")
    return lines or ["nothing"]
