"""*Is this for me?* without an account: nothing is kept until it is sent, and then only what is
addressed to the programme, for those who lead it."""

import html
import re
from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import delete, func, select

from cascade_tools.records.tables import AttemptRow, Row, SubmissionRow
from tests.faults.nursery import QuickHouse
from tests.living import House
from tests.server.test_pages import is_a_page
from tests.server.visitor import Reply, Visitor

ANSWERS: Mapping[str, str | list[str]] = {
    "own-practice": "yes",
    "lead-role": "yes",
    "purpose": "not-sure",
    "income": "150-to-499",
    "paying": "bursary",
    "bursary-communities": "no",
    "coach-matters": ["region", "kind"],
    "hope": "marker-hope",
    "name": "marker-name",
    "reach": "marker@reach.example",
    "hard-to-say": "marker-own",
    "how-i-heard": "funder",
}
FAIRNESS: Mapping[str, str | list[str]] = {"led-by": ["disabled"], "poorest-health": "partly"}


@pytest.fixture(autouse=True)
def a_new_hour(house: House) -> Iterator[None]:
    """Nobody has sent anything from here in the last hour."""
    with house.records() as records, records.store.database.writing() as s:
        s.execute(delete(AttemptRow))
    yield


@pytest.fixture(scope="module")
def pat(house: House) -> Visitor:
    return Visitor(house, "pat")


def rows(house: House) -> dict[str, int]:
    """How many rows stand in every table."""
    with house.records() as records, records.store.database.reading() as s:
        return {
            table.name: s.scalar(select(func.count()).select_from(table)) or 0
            for table in Row.metadata.sorted_tables
        }


def post(visitor: Visitor, go: str, answers: Mapping[str, str | list[str]] = ANSWERS) -> Reply:
    return visitor.post("interest", {**answers, "go": go})


def reference(reply: Reply) -> str:
    found = re.search(r"Keep this reference</span> <strong>([0-9A-Z-]+)<", reply.text)
    assert found is not None, reply.text
    return found.group(1)


def read(pat: Visitor, code: str) -> Reply:
    """What a programme lead reads under this reference."""
    found = re.search(rf'href="/(sent/[0-9a-f]{{32}})">{code}<', pat.get("sent").text)
    assert found is not None
    return pat.get(found.group(1))


def carried(reply: Reply) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', reply.text
    ):
        found.setdefault(name, []).append(html.unescape(value))
    return found


class TestBeforeSending:
    def test_anybody_may_look(self, nobody: Visitor) -> None:
        """The door links to it; it says at once that nothing is kept; the only cookie there is
        holds the cross-site token."""
        assert 'href="/interest">Is coaching for me?<' in nobody.get("sign-in").text
        reply = nobody.get("interest")
        is_a_page(reply, 200)
        said = "Nothing is kept until you press Send. If you close this page, it is gone."
        assert said in reply.text and "all but what is marked “Only you”" in reply.text
        assert len(re.findall(r'class="who"[^>]*>Only you', reply.text)) == 3
        assert set(nobody.cookies) == {"_xsrf"}
        assert 'method="post"' in reply.text and 'method="get"' not in reply.text
        assert "page.js" not in reply.text

    def test_all_pages_are_there_without_a_script_but_the_last(self, nobody: Visitor) -> None:
        """One long form; the questions about fairness come by themselves, afterwards."""
        reply = nobody.get("interest")
        for key in ANSWERS:
            assert f'id="prompt-{key}"' in reply.text
        for key in (*FAIRNESS, "fairness-consent"):
            assert key not in reply.text

    def test_a_leader_with_an_account_comes_to_the_same_page(self, house: House) -> None:
        """The workbook on their list leads here."""
        leo = Visitor(house, "leo")
        assert leo.get("workbooks/leader/is-this-for-me").location == "/interest"
        is_a_page(leo.get("interest"), 200)

    def test_checking_keeps_nothing(self, house: House, nobody: Visitor) -> None:
        """No row in any table, no cookie, no word in the log or in an address; the answers travel
        with the page."""
        nobody.get("interest")
        before, log, cookies = rows(house), house.log.read_text(), dict(nobody.cookies)
        for go in ("check", "page-choosing-a-coach", "last"):
            reply = post(nobody, go)
            is_a_page(reply, 200)
            assert reply.location == ""
            assert "?" not in "".join(re.findall(r'(?:form)?action="([^"]+)"', reply.text))
        assert rows(house) == before
        assert house.log.read_text() == log
        assert set(nobody.cookies) == set(cookies)

    def test_check_shows_what_goes_and_what_stays(self, nobody: Visitor) -> None:
        """What is one's own stands apart, with the promise that it goes nowhere."""
        reply = post(nobody, "check")
        going, staying = reply.text.split("What stays with you")
        assert "marker-hope" in going.split("What goes to the programme")[1]
        assert "marker-own" in staying
        assert "marker-own" not in going.split("What goes to the programme")[1]
        sent = carried(reply)
        assert {key: sent[key] for key in ("hope", "hard-to-say", "coach-matters")} == {
            "hope": ["marker-hope"],
            "hard-to-say": ["marker-own"],
            "coach-matters": ["region", "kind"],
        }

    def test_every_rule_stands_by_itself_and_nothing_is_decided(self, nobody: Visitor) -> None:
        """Met, not met or not sure, each with its sentence, the fee, and whom to talk to."""
        text = post(nobody, "check").text
        found = re.findall(
            r'rule-standing">([^<]+)</span> <strong>([^<]+)</strong> <span[^>]*>([^<]+)<', text
        )
        assert [standing for standing, _, _ in found] == [
            *("Met", "Not sure", "Met"),
            *("Not met", "Not met", "Not sure"),
        ]
        assert all(name and sentence.strip() for _, name, sentence in found)
        assert "A place costs £800." in text
        assert "Nothing here decides anything." in text and "01632 960100" in text
        assert (
            "bursary"
            not in post(nobody, "check", {"paying": "can-pay"})
            .text.split('id="rules"')[1]
            .split("</section>")[0]
        )

    def test_change_goes_back_with_every_word(self, nobody: Visitor) -> None:
        """The form comes back at that page, filled in, with the last page's answers carried."""
        reply = post(nobody, "page-choosing-a-coach", {**ANSWERS, **FAIRNESS})
        is_a_page(reply, 200)
        assert 'class="page current" id="page-choosing-a-coach"' in reply.text
        assert re.search(r'name="hope" value="marker-hope"', reply.text)
        assert "marker-own</textarea>" in reply.text
        assert re.search(r'id="q-coach-matters-kind"[^>]* checked', reply.text)
        sent = carried(reply)
        assert (sent["led-by"], sent["poorest-health"]) == (["disabled"], ["partly"])
        assert "hope" not in sent

    def test_what_cannot_stand_is_said_and_kept_on_the_page(self, nobody: Visitor) -> None:
        """An answer that is too long brings the form back with a summary, and the words."""
        words = "marker " * 2000
        reply = post(nobody, "check", {**ANSWERS, "hard-to-say": words})
        is_a_page(reply, 422)
        assert "<title>Error: " in reply.text
        assert '<a href="#prompt-hard-to-say">Make this shorter.' in reply.text
        assert words.strip() in reply.text and "marker-hope" in reply.text
        assert 'class="page current" id="page-what-is-hard-to-say"' in reply.text

    def test_more_than_a_form_can_hold_is_refused(self, nobody: Visitor) -> None:
        """Nobody can fill the server with one form."""
        is_a_page(post(nobody, "send", {"hard-to-say": "x" * 500_001}), 413)

    def test_another_site_cannot_send_anything(self, house: House, nobody: Visitor) -> None:
        """Without the cross-site token nothing is read."""
        before = rows(house)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = nobody.ask("POST", "interest", b"go=send&name=x", kind)
        assert reply.status == 403
        assert rows(house) == before

    def test_hostile_words_are_only_words(self, nobody: Visitor) -> None:
        """Whatever is written comes back as text, in every step."""
        hostile = "\"><script>alert(1)</script><p onclick='x'>"
        steps = [(go, "name") for go in ("check", "page-how-to-reach-you", "last", "send")]
        for go, key in [*steps, ("page-how-to-reach-you", "led-by"), ("last", "led-by")]:
            text = post(nobody, go, {**ANSWERS, key: hostile}).text
            assert "<script>alert" not in text and "<p onclick" not in text
            # What is no choice of a question is never shown; in the form it is carried.
            assert ("&lt;script&gt;alert" in text) is ((go, key) != ("last", "led-by"))

    def test_people_are_told_when_nobody_could_answer_them(self, nobody: Visitor) -> None:
        """A name and a way to reach somebody are asked for, and never forced."""
        told = "Nobody can answer you without your name and a way to reach you."
        assert told in post(nobody, "check", {"hope": "x"}).text
        assert told not in post(nobody, "check").text
        assert reference(post(nobody, "send", {"hope": "x"}))


class TestSending:
    def test_only_what_is_addressed_to_the_programme_goes(
        self, house: House, nobody: Visitor, pat: Visitor
    ) -> None:
        """The lead reads it under the reference; one's own words are in no table at all."""
        before = rows(house)
        reply = post(nobody, "send")
        is_a_page(reply, 200)
        assert "marker-hope" in reply.text and "marker-own" not in reply.text
        after = rows(house)
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"submission", "attempt"}
        seen = read(pat, reference(reply))
        is_a_page(seen, 200)
        for words in ("marker-hope", "marker-name", "marker@reach.example", "£150,000 to £499,999"):
            assert words in seen.text
        assert "marker-own" not in seen.text and "A funder suggested it" not in seen.text
        with house.records() as records:
            (row, *_) = records.submissions.all(pat.person)
            body = str(records.submissions.read(pat.person, row.id).body)
        assert "marker-hope" in body and "marker-own" not in body

    def test_the_questions_about_fairness_go_only_with_a_yes(
        self, nobody: Visitor, pat: Visitor
    ) -> None:
        """Answered and not agreed to, or with nothing said, they are left out."""
        for consent in ("", "no", "yes"):
            answers = {**ANSWERS, **FAIRNESS, "fairness-consent": consent}
            seen = read(pat, reference(post(nobody, "send", answers)))
            assert ("Disabled people" in seen.text) is (consent == "yes"), consent
            assert "marker-hope" in seen.text

    def test_pressing_twice_sends_once(self, house: House, nobody: Visitor) -> None:
        """Loading the last page again gives the same reference; a changed text is sent anew."""
        once = {**ANSWERS, "once": "0123456789abcdef"}
        before = rows(house)["submission"]
        first = reference(post(nobody, "send", once))
        assert reference(post(nobody, "send", once)) == first
        assert rows(house)["submission"] == before + 1
        assert reference(post(nobody, "send", {**once, "hope": "another"})) != first
        assert reference(post(nobody, "send", {**ANSWERS, "once": "f" * 16})) != first
        assert rows(house)["submission"] == before + 3

    def test_nothing_to_send_is_not_sent(self, house: House, nobody: Visitor) -> None:
        """One's own thoughts alone make no expression of interest."""
        before = rows(house)
        reply = post(nobody, "send", {"hard-to-say": "marker-own"})
        is_a_page(reply, 422)
        assert "There is nothing to send yet." in reply.text and "marker-own" in reply.text
        assert rows(house) == before

    def test_after_five_in_an_hour_one_is_asked_to_wait(
        self, house: House, nobody: Visitor
    ) -> None:
        """The sixth is refused kindly, in either step, with nothing lost; who it was is not in the
        records, nor is their address."""
        for n in range(5):
            assert reference(post(nobody, "send", {**ANSWERS, "hope": f"number {n}"}))
        before = rows(house)
        for step, heading in (("", "Check your answers"), ("last", "Before you send")):
            reply = post(nobody, "send", {**ANSWERS, **FAIRNESS, "step": step})
            is_a_page(reply, 429)
            assert heading in reply.text and "Nothing is lost" in reply.text
            assert carried(reply)["hope"] == ["marker-hope"]
            assert "disabled" in reply.text
        assert rows(house) == before
        with house.records() as records, records.store.database.reading() as s:
            assert "127.0.0.1" not in str([r.who for r in s.scalars(select(AttemptRow))])

    def test_the_signed_in_send_no_name_either(self, house: House, pat: Visitor) -> None:
        """Having an account changes nothing: what is sent says only what was written."""
        leo = Visitor(house, "leo")
        code = reference(post(leo, "send", {"hope": "marker-leo"}))
        assert house.people["leo"].name not in read(pat, code).text
        with house.records() as records, records.store.database.reading() as s:
            columns = {c.name for c in SubmissionRow.__table__.columns}
            assert columns == {"id", "workbook", "reference", "made_at", "key_id", "sealed"}
            row = s.scalars(select(SubmissionRow).where(SubmissionRow.reference == code)).one()
            assert b"marker-leo" not in row.sealed


class TestReading:
    def test_only_those_who_lead_the_programme_read(self, house: House, nobody: Visitor) -> None:
        """To everybody else neither the list nor what was sent is there."""
        code = reference(post(nobody, "send"))
        pat = Visitor(house, "pat")
        address = re.search(rf'href="/(sent/[0-9a-f]{{32}})">{code}<', pat.get("sent").text)
        assert address is not None
        for path in ("sent", address.group(1)):
            is_a_page(pat.get(path), 200)
            for who in ("amina", "leo", "sue", "eve"):
                reply = Visitor(house, who).get(path)
                is_a_page(reply, 404)
                assert code not in reply.text
            assert nobody.get(path).status == 302
        assert pat.get("sent/" + "0" * 32).status == 404


def test_every_step_stands_under_a_base_path(own_house: House) -> None:
    """Behind a proxy that gives the kit a path, every step still finds the next."""
    house = QuickHouse(own_house.folder.path.parent / "below", base="/x/")
    house.start()
    try:
        visitor = Visitor(house)
        replies = [visitor.get("interest"), *(post(visitor, go) for go in ("check", "last"))]
        for reply in replies:
            assert reply.status == 200
            assert set(re.findall(r'action="([^"#]+)', reply.text)) <= {"/x/interest"}
        assert reference(post(visitor, "send"))
        assert Visitor(house, "pat").get("sent").text.count('href="/x/sent/') == 1
    finally:
        house.stop()
