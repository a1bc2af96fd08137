"""The fictional programme hangs together, and is alive enough to try the kit with."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "data" / "demo"
FICTIONAL = "This is a fictional programme. Nobody in it exists."
HEADER = {
    "id", "name", "version", "language", "year", "source", "status", "licence", "review_by",
    "owner", "fictional",
}  # fmt: skip

LONG = [
    "moment-they-said", "moment-i-said", "moment-might-have-said", "what-happened",
    "not-said", "question-landed", "want-from-supervision", "who-else-was-there",
    "own-team-question",
]  # fmt: skip
TALLY = [
    "mostly-told", "mostly-informed", "mostly-challenged", "mostly-feelings",
    "mostly-asked", "mostly-valued",
]  # fmt: skip
THINKING = [
    "ideas", "rescue", "their-work", "other-peoples-jobs",
    "between-sessions", "who-chose", "not-knowing", "credit",
    "disagree", "ending",
]  # fmt: skip
BALANCE = ["ax-cb1", "ax-cb2", "ax-cb3", "ax-ld1", "ax-ld2", "ax-ld3", "ax-ld4"]
LAYERS = ["presenting", "pattern", "relationships", "feelings", "assumptions", "purpose"]
CHOICES = {
    "way": {"ten", "longer"},
    "talk": {"next", "before", "today"},
    "deepest-layer": set(LAYERS),
    "came-back-up": {"yes", "no", "not-sure"},
} | {key: {"mostly", "some", "none"} for key in TALLY}
ONLY_LONGER = {
    *TALLY, *THINKING, *BALANCE, "deepest-layer", "came-back-up", "who-else-was-there",
    "test-idea-with", "own-team-question",
}  # fmt: skip
BELOW_TEXT = {*LAYERS, "water", "up", "summary", "bring-to-coach"}
AFTERS = {f"after-{layer}" for layer in LAYERS[:-1]}

NEVER = [
    "client", "coachee", "mentee", "beneficiary", "service user", "deficit", "non-engaged",
    "vulnerable leader", "risk score", "dependency score", "dependent leader", "compliance",
    "cascaded to", "sent", "referred", "weak", "failing", "fix", "diagnose", "case", "consultant",
    "intervention", "empower",
]  # fmt: skip

Doc = dict[str, Any]


def read(name: str) -> Doc:
    doc: Doc = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return doc


FILES = {path.stem: read(path.stem) for path in sorted(FOLDER.glob("*.yaml"))}
PEOPLE = {p["id"]: p for p in FILES["people"]["people"]}
PAIRS = {p["id"]: p for p in FILES["people"]["pairs"]}
HOLDS = {c: h["supervisor"] for h in FILES["people"]["holds"] for c in h["coaches"]}
REFLECTIONS = [
    r for stem, doc in FILES.items() if stem.startswith("reflections") for r in doc["reflections"]
]
BY_ID = {r["id"]: r for r in REFLECTIONS}
BELOW = FILES["below-the-surface"]["below"]
REVIEWS = FILES["reviews"]["reviews"]
SUPERVISIONS = FILES["supervisions"]["supervisions"]
SHEETS = FILES["sheets"]["sheets"]
TOGETHER = FILES["together"]["together"]
TALKED = FILES["together"]["talked"]
AGREEMENTS = FILES["together"]["agreements"]
PARTS = ("coach", "leader")
HALVES = [
    {"id": f"{t['id']} {part}", "answers": t[part] | t.get("afterwards", {}).get(part, {})}
    for t in TOGETHER
    for part in PARTS
    if part in t
]
AGREED = [{"id": f"{a['pair']} {a['days_ago']}", "answers": a["answers"]} for a in AGREEMENTS]
# Where somebody is asked for a name, it is right.
NAMED = {"signed", "supervised-by"}
TIMES = ("start", "half-way", "end")
FOR_COACHES_TOO = {
    "leader/where-i-am-now", "leader/my-leadership-map", "leader/sharing-what-i-learned",
}  # fmt: skip
# At least so many sheets of each workbook that is written alone.
HOW_MANY = {
    "leader/after-our-session": 12,
    "leader/before-our-session": 6,
    "leader/where-i-am-now": 10,
    "leader/my-leadership-map": 4,
    "leader/sharing-what-i-learned": 3,
    "leader/ending-and-keeping-going": 2,
    "coach/before-i-coach": 5,
    "coach/getting-ready-for-supervision": 5,
    "coach/what-i-am-learning": 3,
    "coach/a-moment-replayed": 1,
    "pair/what-i-said-i-would-do": 6,
}


def with_role(role: str) -> set[str]:
    return {p["id"] for p in PEOPLE.values() if role in p["roles"]}


def held(pair: Doc) -> list[Doc]:
    return [s for s in pair["sessions"] if s["state"] == "held"]


def ids(things: list[Doc]) -> list[str]:
    return [thing["id"] for thing in things]


def words_in(value: Any) -> Iterator[str]:
    """Every piece of text in a file."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from words_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words_in(inner)
    elif isinstance(value, str):
        yield value


def test_every_file_says_what_it_is_and_that_nobody_in_it_exists() -> None:
    """Each file has the header of a data file, its own id, and the sentence, twice."""
    assert len(FILES) >= 6
    for stem, doc in FILES.items():
        assert doc.keys() >= HEADER, stem
        assert doc["id"] == stem
        assert doc["fictional"] == FICTIONAL
        first = (FOLDER / f"{stem}.yaml").read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# This is a fictional programme.")
    assert "fictional" in FILES["programme"]["programme"]["name"]
    assert FILES["programme"]["programme"]["notice"] == FICTIONAL


def test_ids_are_plain_and_used_once() -> None:
    """An id is small letters, digits and hyphens, and stands for one thing."""
    for group in (
        *(FILES["people"]["people"], FILES["people"]["pairs"], REFLECTIONS, BELOW),
        *(SHEETS, TOGETHER),
    ):
        assert max(Counter(ids(group)).values()) == 1
    written = [*ids(REFLECTIONS), *ids(SHEETS), *ids(TOGETHER)]
    for one in [*ids(REVIEWS), *ids(SUPERVISIONS), *written, *PEOPLE, *PAIRS]:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", one), one
    assert len(set(ids(REVIEWS))) == len(REVIEWS)
    assert len(set(ids(SUPERVISIONS))) == len(SUPERVISIONS)


def test_the_programme_is_the_size_of_the_pilot() -> None:
    """Fifteen coaches and fifteen leaders in pairs, three supervisors, two leads, an evaluator."""
    assert len(PAIRS) == 15
    assert {p["coach"] for p in PAIRS.values()} == with_role("coach")
    assert {p["leader"] for p in PAIRS.values()} == with_role("leader")
    assert len(with_role("coach")) == len(with_role("leader")) == 15
    assert len(with_role("supervisor")) == 3
    assert (len(with_role("lead")), len(with_role("evaluator"))) == (2, 1)
    assert len({p["label"] for p in PAIRS.values()}) == 15
    assert len({p["name"] for p in PEOPLE.values()}) == len(PEOPLE)


def test_one_person_may_have_several_roles() -> None:
    """Somebody coaches in one pair and is the leader in another, under another supervisor."""
    several = [p["id"] for p in PEOPLE.values() if len(p["roles"]) > 1]
    assert several
    for person in several:
        (own,) = [p for p in PAIRS.values() if p["leader"] == person]
        assert own["coach"] != person
        assert HOLDS[own["coach"]] != HOLDS[person]


def test_every_coach_is_held_by_one_supervisor_before_the_pair_begins() -> None:
    """Five coaches to a supervisor, none twice."""
    listed = [c for h in FILES["people"]["holds"] for c in h["coaches"]]
    assert sorted(listed) == sorted(with_role("coach"))
    for hold in FILES["people"]["holds"]:
        assert hold["supervisor"] in with_role("supervisor")
        assert len(hold["coaches"]) == 5
        for pair in PAIRS.values():
            if pair["coach"] in hold["coaches"]:
                assert hold["since"] <= pair["started"]


def test_sessions_follow_one_another() -> None:
    """Numbers count from 1, days go forward, and what has happened lies in the past."""
    for pair in PAIRS.values():
        sessions = pair["sessions"]
        assert [s["number"] for s in sessions] == list(range(1, len(sessions) + 1)), pair["id"]
        days = [s["day"] for s in sessions]
        assert days == sorted(days)
        assert pair["started"] <= days[0]
        assert len(sessions) <= pair["sessions_planned"] == 5
        for session in sessions:
            state = session["state"]
            assert state in {"held", "planned", "moved", "cancelled"}
            assert (session["day"] <= 0) is (state in {"held", "cancelled"})
            assert ("cancelled_by" in session) is (state == "cancelled")
            assert session.get("cancelled_by", "coach") in {"coach", "leader", "programme"}
            assert session.get("mode", "video") in {"video", "phone", "in-person"}
            assert ("minutes" in session) is (state == "held")
            if state == "moved":
                assert session["moved_from"] != session["day"]
                assert session["moved_by"] in {"coach", "leader", "programme"}
                assert 0 <= session["moved_days_ago"] < -pair["started"]


def test_pairs_stand_at_different_places() -> None:
    """Many have met three times or more, some once; one has ended as planned and one early."""
    counts = [len(held(p)) for p in PAIRS.values()]
    assert sum(c >= 3 for c in counts) >= 5
    assert counts.count(1) >= 2
    early = [p for p in PAIRS.values() if p.get("ended_early")]
    assert len(early) == 1
    assert len(held(early[0])) < 5
    assert early[0]["ended"] < early[0]["ends"]
    assert early[0]["ended_by"] in {"coach", "leader", "programme"}
    assert any("ended" in p and not p.get("ended_early") for p in PAIRS.values())
    states = {s["state"] for p in PAIRS.values() for s in p["sessions"]}
    assert states == {"held", "planned", "moved", "cancelled"}


@pytest.mark.parametrize("reflection", REFLECTIONS, ids=ids(REFLECTIONS))
def test_a_reflection_is_about_a_held_session_and_uses_known_answers(reflection: Doc) -> None:
    """Its coach held that session before writing; keys and values are the workbook's."""
    pair = PAIRS[reflection["pair"]]
    assert reflection["coach"] == pair["coach"]
    (session,) = [s for s in held(pair) if s["number"] == reflection["session"]]
    assert 0 <= reflection["saved_days_ago"] <= -session["day"]
    assert reflection["id"] == f"{reflection['pair']}-s{reflection['session']}"
    assert reflection["state"] in {"draft", "committed"}
    answers = reflection["answers"]
    assert answers.keys() <= {*CHOICES, *LONG, *THINKING, *BALANCE, "test-idea-with"}
    if answers["way"] == "ten":
        assert not answers.keys() & ONLY_LONGER
    for key, value in answers.items():
        if key in {*THINKING, *BALANCE}:
            assert value in {"did-not-come-up", "skipped"} or (
                type(value) is int and 0 <= value <= 4
            ), key
        elif key in CHOICES:
            assert value in CHOICES[key], key
        else:
            assert isinstance(value, str), key
            assert value.strip(), key
    assert len(answers.get("test-idea-with", "")) <= 200


def test_there_are_enough_reflections_finished_and_unfinished() -> None:
    """At least 42, about half of them longer; some drafts, which lack most of the sheet."""
    assert len(REFLECTIONS) >= 42
    longer = sum(r["answers"]["way"] == "longer" for r in REFLECTIONS)
    assert 0.4 <= longer / len(REFLECTIONS) <= 0.6
    drafts = [r for r in REFLECTIONS if r["state"] == "draft"]
    assert 6 <= len(drafts) <= 10
    for draft in drafts:
        assert "shared" not in draft
        assert "want-from-supervision" not in draft["answers"]
    for whole in (r for r in REFLECTIONS if r["state"] == "committed"):
        assert whole["answers"].keys() >= {"what-happened", "talk"}, whole["id"]


def test_every_text_is_its_own() -> None:
    """No text of more than a few words stands twice, and no two sheets resemble each other."""
    texts = Counter(
        text
        for entry in [
            *(*REFLECTIONS, *BELOW, *REVIEWS, *SUPERVISIONS),
            # What a pair agreed may take over what one of them wrote.
            *(*SHEETS, *HALVES),
        ]
        for key, text in entry.get("answers", {}).items()
        if isinstance(text, str) and len(text) > 25 and key not in {*NAMED, "label"}
    )
    assert [t for t, n in texts.items() if n > 1] == []
    whole = [
        (r["id"], " ".join(str(r["answers"][k]) for k in LONG if k in r["answers"]).split())
        for r in REFLECTIONS
    ]
    for (one, a), (other, b) in combinations(whole, 2):
        assert SequenceMatcher(None, a, b, autojunk=False).quick_ratio() < 0.6, (one, other)


def test_the_pictures_have_something_to_show() -> None:
    """Each reading of the ten answers happens somewhere, and both other states are used."""
    by_pair: dict[str, list[Doc]] = {}
    for r in sorted(REFLECTIONS, key=lambda r: r["session"]):
        by_pair.setdefault(r["pair"], []).append(r["answers"])

    def number(answers: Doc, key: str) -> int:
        value = answers.get(key)
        return value if isinstance(value, int) else -1

    assert any(number(a, "disagree") == 3 for run in by_pair.values() for a in run)
    assert any(
        number(a, "their-work") >= 3 and number(b, "their-work") >= 3
        for run in by_pair.values()
        for a, b in pairwise(run)
    )
    scales = [r["answers"].get(key) for r in REFLECTIONS for key in (*THINKING, *BALANCE)]
    assert {"did-not-come-up", "skipped", 0, 1, 2, 3, 4} <= set(scales)
    with_three = [run for run in by_pair.values() if sum("ideas" in a for a in run) >= 3]
    assert with_three
    for run in with_three:
        ten = [[number(a, k) for k in THINKING if number(a, k) >= 0] for a in run if "ideas" in a]
        assert sum(ten[-1]) / len(ten[-1]) < sum(ten[0]) / len(ten[0])


def test_some_is_shared_opened_and_answered() -> None:
    """About fourteen are shared, not all opened; five answers released and some in draft."""
    shared = [r for r in REFLECTIONS if "shared" in r]
    assert 12 <= len(shared) <= 16
    opened = [r for r in shared if "opened_days_ago" in r["shared"]]
    assert 5 <= len(opened) < len(shared)
    assert {r["shared"]["ten_items"] for r in shared} == {True, False}
    for entry in [*shared, *(b for b in BELOW if "shared" in b)]:
        share = entry["shared"]
        assert 0 <= share["days_ago"] <= entry["saved_days_ago"], entry["id"]
        assert 0 <= share.get("opened_days_ago", 0) <= share["days_ago"], entry["id"]
        assert share["until_days"] > share["days_ago"], entry["id"]
        assert share["parts"] == "all"
        assert share["purpose"].strip()
        if share.get("ten_items"):
            assert "ideas" in entry["answers"], entry["id"]
    assert sum(r["state"] == "released" for r in REVIEWS) == 5
    assert any(r["state"] == "draft" for r in REVIEWS)


def test_a_review_answers_something_its_supervisor_has_opened() -> None:
    """Written after opening, by the coach's own supervisor, in one of the two ways."""
    for review in REVIEWS:
        reflection = BY_ID[review["reflection"]]
        assert review["supervisor"] == HOLDS[reflection["coach"]]
        assert 0 <= review["saved_days_ago"] <= reflection["shared"]["opened_days_ago"]
        assert review["state"] in {"released", "draft"}
        answers = review["answers"]
        assert answers == {"thanks": "read"} or (
            answers and answers.keys() <= {"appreciate", "curious", "next-step"}
        )
    assert any("thanks" in r["answers"] for r in REVIEWS)
    assert any("curious" in r["answers"] for r in REVIEWS)


def test_coaches_ask_to_talk() -> None:
    """Two ask to talk before the next supervision and one today, all unread."""
    asked = [r for r in REFLECTIONS if r["answers"].get("talk") in {"before", "today"}]
    assert Counter(r["answers"]["talk"] for r in asked) == {"before": 2, "today": 1}
    for r in asked:
        assert "opened_days_ago" not in r["shared"]


def test_leaders_go_below_the_surface_to_different_depths() -> None:
    """One stops at the pattern, one goes all the way, and everyone finished comes back up."""
    assert len({b["leader"] for b in BELOW}) >= 6
    depths = []
    for sheet in BELOW:
        pair = PAIRS[sheet["pair"]]
        assert sheet["leader"] == pair["leader"]
        answers = sheet["answers"]
        assert answers.keys() <= BELOW_TEXT | AFTERS
        reached = [layer for layer in LAYERS if layer in answers]
        assert reached == LAYERS[: len(reached)]
        depths.append(reached[-1])
        for after in AFTERS & answers.keys():
            layer = LAYERS.index(after.removeprefix("after-"))
            went_on = LAYERS[layer + 1] in answers
            assert answers[after] == ("on" if went_on else "enough"), sheet["id"]
        if sheet["state"] == "committed":
            assert answers.keys() >= {"up", "summary"}
    assert {"pattern", "purpose"} <= set(depths)
    assert len(set(depths)) >= 4
    assert sum("shared" in b for b in BELOW) == 2


def test_supervisions_are_held_moved_and_cancelled_by_different_people() -> None:
    """Each is between a supervisor and coaches they hold; words only where one was held."""
    for meeting in SUPERVISIONS:
        for coach in meeting["coaches"]:
            assert HOLDS[coach] == meeting["supervisor"], meeting["id"]
        state = meeting["state"]
        assert (meeting["day"] < 0) is (state in {"held", "cancelled"}), meeting["id"]
        assert ("changed_by" in meeting) is (state in {"moved", "cancelled"}), meeting["id"]
        assert meeting.get("changed_by", "coach") in {"coach", "supervisor", "programme"}
        assert meeting.get("how", "phone") in {"phone", "video", "in-person"}
        assert ("minutes" in meeting) is (state == "held"), meeting["id"]
        assert meeting["recorded_by"] in {meeting["supervisor"], *meeting["coaches"]}
        assert meeting["recorded_days_ago"] >= 0
        if state == "held":
            assert meeting["recorded_days_ago"] <= -meeting["day"]
        else:
            assert "answers" not in meeting
        if "answers" in meeting:
            assert meeting["answers"].keys() <= {"worked-on", "keeps-going", "standards", "agreed"}
    assert {m["state"] for m in SUPERVISIONS} == {"held", "planned", "moved", "cancelled"}
    changed = {m["changed_by"] for m in SUPERVISIONS if "changed_by" in m}
    assert changed == {"coach", "supervisor", "programme"}
    assert any(len(m["coaches"]) > 1 for m in SUPERVISIONS)


def test_weeks_since_we_talked_vary() -> None:
    """One coach was last talked with nine weeks ago, one never; the rest lie between."""
    last = {
        coach: max(
            (m["day"] for m in SUPERVISIONS if coach in m["coaches"] and m["state"] == "held"),
            default=None,
        )
        for coach in HOLDS
    }
    assert list(last.values()).count(None) == 1
    weeks = {-day // 7 for day in last.values() if day is not None}
    assert max(weeks) == 9
    assert len(weeks) >= 6


def test_telephone_numbers_are_for_drama() -> None:
    """Ofcom's made-up ranges only, besides the public numbers; and e-mail nobody can own."""
    text = "\n".join(t for doc in FILES.values() for t in words_in(doc))
    numbers = re.findall(r"(?<![\d£,])\d[\d ]{4,}\d", text)
    assert len(numbers) > 40
    for number in numbers:
        assert re.fullmatch(r"01632 960\d{3}|07700 900\d{3}|116 123|000000", number), number
    for person in PEOPLE.values():
        assert re.fullmatch(r"01632 960\d{3}|07700 900\d{3}", person["phone"])
    assert len({p["phone"] for p in PEOPLE.values()}) == len(PEOPLE)
    for address in re.findall(r"\S+@\S+", text):
        assert address.rstrip(".,").endswith(".example")


def test_there_is_somebody_to_ring_for_everything_that_may_not_be_right() -> None:
    """All contacts are there; who to ring about a pair supervises nobody."""
    top = FILES["programme"]
    assert top["controller"].keys() >= {"name", "address", "email", "phone", "data_contact"}
    route = top["safeguarding"]
    assert route["danger"] == "999"
    for who in ("lead", "adults", "children"):
        assert route[who]["name"]
        assert route[who]["phone"]
        assert route[who]["out_of_hours"]
    assert {"116 123", "111"} == {s["phone"] for s in route["support"]}
    four = top["not_right"]
    assert four.keys() == {"safety", "working_together", "complaint", "my_data"}
    assert all(c["name"] and c["phone"] and c["words"] for c in four.values())
    roles = {p["name"]: set(p["roles"]) for p in PEOPLE.values()}
    assert not roles.get(four["working_together"]["name"], set()) & {"supervisor", "coach"}


def test_reflections_name_nobody() -> None:
    """Initials and job roles only: no name of anybody in the programme stands in the writing."""
    names = {part for p in PEOPLE.values() for part in re.split(r"[ -]", p["name"])}
    assert len(names) > 50
    for entry in [*REFLECTIONS, *BELOW, *SHEETS, *HALVES, *AGREED]:
        answers = {k: v for k, v in entry["answers"].items() if k not in NAMED}
        for text in words_in(answers):
            found = set(re.findall(r"\w+", text)) & names
            assert not found, (entry["id"], found)


@pytest.mark.parametrize("stem", FILES)
def test_words_that_no_page_uses_are_absent(stem: str) -> None:
    """Not even the fictional people say them."""
    pattern = re.compile(r"\b(" + "|".join(NEVER) + r")s?\b", re.IGNORECASE)
    text = (FOLDER / f"{stem}.yaml").read_text(encoding="utf-8")
    assert pattern.findall(text) == []


def test_every_workbook_that_is_written_alone_has_been_written() -> None:
    """Each often enough to be met, finished and unfinished, shared and not."""
    count = Counter(s["workbook"] for s in SHEETS)
    assert count.keys() == HOW_MANY.keys()
    assert all(count[workbook] >= least for workbook, least in HOW_MANY.items())
    assert {s["state"] for s in SHEETS} == {"draft", "committed"}
    shared = Counter(s["workbook"] for s in SHEETS if "shared" in s)
    assert shared["coach/getting-ready-for-supervision"] == 3
    assert shared["leader/after-our-session"] >= 4
    assert any("opened_days_ago" not in s["shared"] for s in SHEETS if "shared" in s)


@pytest.mark.parametrize("sheet", SHEETS, ids=ids(SHEETS))
def test_a_sheet_is_written_by_who_may_about_what_was_there(sheet: Doc) -> None:
    """Its author has the part it is for; before a session comes before it, after after it."""
    author, workbook = sheet["author"], sheet["workbook"]
    part = workbook.split("/")[0]
    roles = PEOPLE[author]["roles"]
    assert part in {"pair", *roles} or (workbook in FOR_COACHES_TOO and "coach" in roles)
    ago = sheet["saved_days_ago"]
    assert 0 <= ago < -FILES["programme"]["programme"]["started"]
    assert sheet["answers"]
    if "pair" in sheet:
        pair = PAIRS[sheet["pair"]]
        assert author in ({pair["coach"], pair["leader"]} if part == "pair" else {pair[part]})
        assert ago < -pair["started"]
        assert "session" in sheet or workbook in {
            "pair/what-i-said-i-would-do",
            "leader/ending-and-keeping-going",
        }
    if "session" in sheet:
        (session,) = [n for n in pair["sessions"] if n["number"] == sheet["session"]]
        if "/before-" in workbook:
            assert ago >= -session["day"]
        else:
            assert session["state"] == "held"
            assert ago <= -session["day"]
    assert sheet.get("time", "start") in TIMES
    assert sheet.get("reader", "coach") in {"coach", "supervisor"}
    assert ("reader" in sheet) is ("shared" in sheet and "coach" in roles)
    if "shared" in sheet:
        share = sheet["shared"]
        assert sheet["state"] == "committed"
        assert 0 <= share.get("opened_days_ago", 0) <= share["days_ago"] <= ago
        assert share["until_days"] > share["days_ago"]
        assert share["purpose"].strip()


def outcomes(item: str) -> Iterator[tuple[Any, Any]]:
    """Each person's first and last answer to one line of Where I am now, where there are two."""
    now = [s for s in SHEETS if s["workbook"] == "leader/where-i-am-now"]
    for author in sorted({s["author"] for s in now}):
        mine = sorted((s for s in now if s["author"] == author), key=lambda s: -s["saved_days_ago"])
        assert [s["time"] for s in mine] == sorted((s["time"] for s in mine), key=TIMES.index)
        if len(mine) > 1:
            yield mine[0]["answers"][item], mine[-1]["answers"][item]


def test_where_people_are_now_goes_up_and_down_and_stays() -> None:
    """At several times, leaders and coaches; one line got worse and one had no room to rise."""
    now = [s for s in SHEETS if s["workbook"] == "leader/where-i-am-now"]
    assert {s["time"] for s in now} == set(TIMES)
    roles = [set(PEOPLE[a]["roles"]) for a in {s["author"] for s in now}]
    assert sum("leader" in r for r in roles) >= 3
    assert sum("coach" in r for r in roles) >= 2
    assert any(last > first for first, last in outcomes("o7"))
    assert (10, 10) in outcomes("o10")
    assert any(last < first for first, last in outcomes("o7"))
    goals = [s["answers"]["goal-1"] for s in now if "goal-1" in s["answers"]]
    assert {g["now"] for g in goals} >= {"-2", "-1", "0", "1"}


def test_actions_stand_in_every_way() -> None:
    """Planned, under way, done, changed, let go; some moved, some drafts; a coach has one."""
    actions = [
        action
        for s in SHEETS
        for key in ("actions", "keep-going")
        for action in s["answers"].get(key, [])
    ]
    states = {a["status"] for a in actions}
    assert states == {"planned", "under-way", "done", "changed", "let-go"}
    assert any(a.get("moved") for a in actions)
    assert any("due" not in a for a in actions)
    assert {a.get("owner") for a in actions} >= {"leader", "coach", "someone"}
    for action in actions:
        assert action["what"]
        assert (action.get("owner") == "someone") is ("owner_name" in action)
        if "due" in action:
            assert action["first_review"]["day"] <= action["due"]["day"] + 14
            assert all(m["day"] < action["due"]["day"] for m in action.get("moved", []))
    shared = [s["pair"] for s in SHEETS if s["workbook"] == "pair/what-i-said-i-would-do"]
    assert len(set(shared)) == len(shared)


def test_two_letters_wait_for_their_authors() -> None:
    """Of a pair that ended as planned and of one that ended early."""
    letters = [s for s in SHEETS if "letter" in s["answers"]]
    assert {bool(PAIRS[s["pair"]].get("ended_early")) for s in letters} == {True, False}
    assert all("ended" in PAIRS[s["pair"]] and s["state"] == "committed" for s in letters)


def test_pairs_write_alone_and_open_together() -> None:
    """Agreeing, half-way and ending; one half waits for the other; one has not read it yet."""
    both: dict[str, set[str]] = {}
    for sheet in TOGETHER:
        pair = PAIRS[sheet["pair"]]
        name = sheet["workbook"].removeprefix("pair/")
        written = [part for part in PARTS if part in sheet]
        if len(written) == len(PARTS):
            both.setdefault(name, set()).add(sheet["pair"])
        else:
            assert name == "agreeing-how-we-will-work"
        for part in written:
            days = sheet.get(f"{part}_days_ago", sheet["days_ago"])
            assert 0 <= days < -pair["started"]
            assert sheet[part]["my-part"] == part
        assert sheet.get("afterwards", {}).keys() <= set(written)
    assert len([t for t in TOGETHER if not all(part in t for part in PARTS)]) == 1
    assert len(both["agreeing-how-we-will-work"]) == 7
    assert len(both["half-way-review"]) == 5
    assert all(len(held(PAIRS[p])) > 3 for p in both["half-way-review"])
    assert both["ending-well"] == {"p01"}
    assert [t["pair"] for t in TOGETHER if "unread" in t] == ["p05"]
    assert all(t.get("unread", "coach") in PARTS for t in TOGETHER)
    assert {t["way"] for t in TALKED} == {"aloud", "without"}
    for talk in TALKED:
        assert talk["pair"] not in both.get(talk["workbook"].removeprefix("pair/"), set())


def test_agreements_end_when_the_pair_does() -> None:
    """Nine are accepted, one of them a change to an earlier one; one waits."""
    accepted = [a for a in AGREEMENTS if "accepted_days_ago" in a]
    assert (len(accepted), len(AGREEMENTS)) == (9, 10)
    assert Counter(a["pair"] for a in accepted).most_common(1) == [("p02", 2)]
    for agreement in AGREEMENTS:
        pair = PAIRS[agreement["pair"]]
        assert agreement["ends"] == pair["ends"]
        assert agreement["answers"]["label"] == pair["label"]
        assert agreement["answers"]["signed"] == PEOPLE[pair[agreement["by"]]]["name"]
        assert agreement["answers"]["signed-on"] == {"day": -agreement["days_ago"]}
        supervisor = PEOPLE[HOLDS[pair["coach"]]]["name"]
        assert supervisor in agreement["answers"]["supervised-by"]
        assert agreement.get("accepted_days_ago", 0) <= agreement["days_ago"] <= -pair["started"]
    for sheet in TOGETHER:
        if "supervised-by" in sheet.get("coach", {}):
            supervisor = PEOPLE[HOLDS[PAIRS[sheet["pair"]]["coach"]]]["name"]
            assert supervisor in sheet["coach"]["supervised-by"]


def test_somebody_stands_at_every_moment_worth_trying() -> None:
    """A session just ahead and just behind, supervision near, a question taken home, no meeting."""
    days = [(p, n["state"], n["day"]) for p in PAIRS.values() for n in p["sessions"]]
    assert any(state in {"planned", "moved"} and 0 <= day <= 3 for _, state, day in days)
    assert any(state == "held" and -5 <= day <= 0 for _, state, day in days)
    assert any(m["state"] == "planned" and m["day"] == 3 for m in SUPERVISIONS)
    taken = [r for r in REFLECTIONS if "own-team-question" in r["answers"]]
    assert any(14 <= r["saved_days_ago"] <= 60 for r in taken)
    reviewed = {t["pair"] for t in TOGETHER if t["workbook"] == "pair/half-way-review"}
    assert any(len(held(p)) == 3 and p["id"] not in reviewed for p in PAIRS.values())
    apart = [
        p["id"]
        for p in PAIRS.values()
        if "ended" not in p
        and not any(n["day"] > 0 for n in p["sessions"])
        and held(p)[-1]["day"] <= -70
    ]
    assert apart == ["p13"]
