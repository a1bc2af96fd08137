"""Personal details in what somebody wrote, found before they share it.  Nothing is kept of it.

Seven kinds: names from a list, e-mail addresses, UK telephone numbers and postcodes, dates of
birth, NHS numbers and charity numbers.  How many it finds and misses stands, measured, in
``docs/personal-details.md``.  Every look at the text is of bounded length around one place, so
the time grows with the text and not faster.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cascade_tools.model.names import Known, find_names

CHILDHOOD = 16
OLDEST = 1900


class Detail(StrEnum):
    """What a detail is, in the order in which one wins over another at the same place."""

    EMAIL = "email"
    BIRTH = "birth"
    PHONE = "phone"
    NHS = "nhs"
    CHARITY = "charity"
    POSTCODE = "postcode"
    NAME = "name"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    Detail.EMAIL: "an e-mail address",
    Detail.BIRTH: "a date of birth",
    Detail.PHONE: "a telephone number",
    Detail.NHS: "an NHS number",
    Detail.CHARITY: "a charity number",
    Detail.POSTCODE: "a postcode",
    Detail.NAME: "a name",
}


@dataclass(frozen=True, slots=True)
class Found:
    """``text[start:end]`` looks like a detail of this kind."""

    kind: Detail
    start: int
    end: int


Span = tuple[int, int]


def find_details(text: str, known: Known, today: date) -> list[Found]:
    """What looks like personal detail, in the order of the text, no two at one place.

    ``known`` are the names to look for, from ``known_names``.  ``today`` tells a birth from a
    meeting: a full date counts when a word about birth stands near it, or when it is 16 years ago
    or more and no word about the beginning of something stands before it.
    """
    ways: dict[Detail, Callable[[], Iterable[Span]]] = {
        Detail.EMAIL: lambda: _spans(EMAIL, text),
        Detail.BIRTH: lambda: _births(text, today),
        Detail.PHONE: lambda: _numbers(text, _is_phone),
        Detail.NHS: lambda: _numbers(text, _is_nhs),
        Detail.CHARITY: lambda: _charities(text),
        Detail.POSTCODE: lambda: _postcodes(text),
        Detail.NAME: lambda: find_names(text, known),
    }
    taken = bytearray(len(text))
    found = []
    for kind, way in ways.items():
        for start, end in way():
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Found(kind, start, end))
    return sorted(found, key=lambda one: one.start)


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [m.span() for m in pattern.finditer(text)]


EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}"
    r"(?:@(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}"
    r"| (?:at|\(at\)|\[at\]) [\w-]{1,63}(?: (?:dot|\(dot\)|\[dot\]) [^\W\d_]{2,24}){1,3})(?!\w)"
)


# Dates of birth


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_ENDS = r"(?!\w|[./-]\w)"
DATES = tuple(
    re.compile(r"(?<![\w./-])" + pattern + _ENDS, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}(?: of)?[ -]{_MONTH},?[ -]{_YEAR}",
        rf"{_MONTH} {_DAY},? (?P<year>[0-9]{{4}})",
        rf"(?P<day>[0-9]{{1,2}})(?P<by>[-/.])(?P<month>[0-9]{{1,2}})(?P=by){_YEAR}",
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
    )
)
_BIRTH = r"\b(?:born|birth\w{0,3}|d\.?o\.?b\b)"
BIRTH_BEFORE = re.compile(_BIRTH + r"[^!?\n]{0,40}$", re.IGNORECASE)
BIRTH_AFTER = re.compile(r"^[^.!?\n]{0,25}" + _BIRTH, re.IGNORECASE)
BEGINNING = re.compile(
    r"\b(?:found|regist|establish|open|start|set up|since|join|began|incorporat|version)\w{0,5}"
    r"[^.!?\n]{0,25}$",
    re.IGNORECASE,
)


def _births(text: str, today: date) -> Iterator[Span]:
    for pattern in DATES:
        for m in pattern.finditer(text):
            day = _day(m, today)
            if day is None or day.year < OLDEST or day > today:
                continue
            before, after = text[max(0, m.start() - 60) : m.start()], text[m.end() : m.end() + 40]
            told = BIRTH_BEFORE.search(before) or BIRTH_AFTER.search(after)
            # Two figures for a year may also be a version or a section: 3.5.71.
            whole = len(m["year"]) == 4 or m.groupdict().get("by", "/") == "/"
            old = today.year - day.year >= CHILDHOOD and not BEGINNING.search(before)
            if told or (whole and old):
                yield m.span()


def _day(m: re.Match[str], today: date) -> date | None:
    """The day, if there is one; of two figures for a year, the last that has been."""
    year, month = int(m["year"]), m["month"].lower()[:3]
    if len(m["year"]) == 2:
        year += 2000 if 2000 + year <= today.year else 1900
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
    try:
        return date(year, number, int(m["day"]))
    except ValueError:
        return None


# Telephone, NHS and charity numbers


GROUP = re.compile(r"[0-9]+")
BETWEEN = re.compile(r"[ \u00a0]?[-.()]{0,2}[ \u00a0]?")
MOST_DIGITS = 14
MOST_GROUPS = 6
GOES_ON = re.compile(r"\w|[-./,][0-9]")
NOT_BEFORE = "£$€#/.,-–_"
REFERENCE = re.compile(r"\b(?:ref\w{0,8}|invoice|order|grant|account)\b[^.!?\n]{0,15}$", re.I)


def _numbers(text: str, fits: Callable[[str, list[int], str], bool]) -> Iterator[Span]:
    """The longest runs of groups of figures, from each group on, that ``fits`` accepts.

    It is given the figures with a leading ``+`` where one stands, how long each group is, and
    what stands before.
    """
    groups = _spans(GROUP, text)
    for first, (start, _) in enumerate(groups):
        ahead = text[start - 1 : start]
        if ahead.isalnum() or (ahead and ahead in NOT_BEFORE):
            continue
        best = 0
        figures, lengths = "+" if ahead == "+" else "", []
        for at in range(first, min(first + MOST_GROUPS, len(groups))):
            begin, end = groups[at]
            joined = at == first or BETWEEN.fullmatch(text, groups[at - 1][1], begin)
            if not joined or len(figures) + end - begin > MOST_DIGITS:
                break
            figures += text[begin:end]
            lengths.append(end - begin)
            # No letter follows, nor the next part of a longer reference.
            if not GOES_ON.match(text, end) and fits(
                figures, lengths, text[max(0, start - 60) : start]
            ):
                best = end
        if best:
            yield start - (ahead in ("+", "(")), best


def _is_phone(figures: str, lengths: list[int], before: str) -> bool:
    """Numbers of places and mobiles.  Numbers of services (03, 08, 09) are nobody's own.

    Source: the National Telephone Numbering Plan of Ofcom.
    """
    if figures[0] != "+" and min(lengths) < 2:
        return False
    if figures.startswith(("+44", "0044")):
        rest = figures.partition("44")[2].removeprefix("0")
    elif figures.startswith("0"):
        rest = figures[1:]
    else:
        return lengths in ([4, 6], [4, 3, 3]) and figures.startswith("7")
    return (len(rest) == 10 and rest.startswith(("1", "2", "7", "55", "56"))) or (
        len(rest) == 9 and rest.startswith("1")
    )


def _is_nhs(figures: str, lengths: list[int], before: str) -> bool:
    """Ten figures, alone or as 3 3 4, the last of which checks the others (modulus 11).

    Source: NHS Data Model and Dictionary, NHS number.
    """
    if lengths not in ([10], [3, 3, 4]) or figures.startswith("+") or len(set(figures)) == 1:
        return False
    total = sum(int(figure) * (10 - place) for place, figure in enumerate(figures[:9]))
    return -total % 11 == int(figures[9]) and not REFERENCE.search(before)


CHARITY_CUE = re.compile(
    r"(?:\bcharit|\bregist|\breg\b)[^.!?\n]{0,25}\b(?:no|nr|num|number)\b\.?(?:\W{1,3}is)?\W{0,3}$"
    r"|\b(?:charity|charity commission)\W{1,3}$",
    re.IGNORECASE,
)
CHARITY_ALONE = re.compile(r"(?<!\w)(?:SC ?0[0-9]{5}|NIC ?1[0-9]{5})(?!\w)", re.IGNORECASE)
CHARITY_FIGURES = re.compile(r"(?<![\w£$€.,/-])[0-9]{6,7}(?:-[0-9]{1,2})?(?!\w|[,./-][0-9])")


def _charities(text: str) -> Iterator[Span]:
    """Scotland and Northern Ireland write letters first; elsewhere a word says what it is.

    Source: the registers of the three charity regulators.
    """
    yield from _spans(CHARITY_ALONE, text)
    for m in CHARITY_FIGURES.finditer(text):
        if CHARITY_CUE.search(text[max(0, m.start() - 60) : m.start()]):
            yield m.span()


# Postcodes


# Source: the postcode areas of Royal Mail; a form that begins with no area is no postcode.
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E "
    "EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL "
    "LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM "
    "SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
AREAS = frozenset(_AREAS.split())
POSTCODE = re.compile(
    r"(?<![\w-])(?P<area>[A-Z]{1,2})[0-9][0-9A-Z]?[ \u00a0]{0,2}(?P<last>[0-9][ABD-HJLNP-UW-Z]{2})"
    r"(?!\w)",
    re.IGNORECASE | re.ASCII,
)
ORDINAL = re.compile(r"[0-9](?:st|nd|rd|th|am|pm)")


def _postcodes(text: str) -> Iterator[Span]:
    for m in POSTCODE.finditer(text):
        if m["area"].upper() in AREAS and not ORDINAL.fullmatch(m["last"]):
            yield m.span()
