"""``/workbooks/<path>/plain`` over HTTP: who may have the paper, and that it asks for nothing."""

import base64
import hashlib
import re

import pytest

from tests.living import House
from tests.server.visitor import Reply, Visitor

COACHES = "workbooks/coach/after-i-coach/plain"
LEADERS = "workbooks/leader/before-our-session/plain"
PUBLIC = "workbooks/leader/is-this-for-me/plain"


def is_paper(reply: Reply) -> None:
    """A whole page in one piece, under a policy by which no browser could load anything else."""
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    policy = dict(
        p.strip().split(" ", 1) for p in reply.headers["Content-Security-Policy"].split(";")
    )
    (style,) = re.findall(r"<style>(.*?)</style>", reply.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.pop("style-src") == f"'sha256-{digest}'"
    assert set(policy.values()) == {"'none'"}
    assert "default-src" in policy
    assert not re.search(r"<script|<link|<img|<form| (?:src|href|style|on\w+)=", reply.text)


def test_people_have_the_paper_of_their_own_workbooks(amina: Visitor, house: House) -> None:
    """The questions, and the numbers of this programme to ring."""
    reply = amina.get(COACHES)
    is_paper(reply)
    assert "<h1>After I coach</h1>" in reply.text
    assert "Testfield, on paper" in reply.text
    assert house.settings.programme_phone in reply.text
    assert house.settings.safeguarding[0].phone in reply.text


def test_a_workbook_of_another_role_is_not_there(amina: Visitor, sue: Visitor) -> None:
    """The same answer as for one that does not exist."""
    missing = amina.get("workbooks/coach/nothing-of-the-kind/plain")
    for reply in (amina.get(LEADERS), sue.get(COACHES), missing):
        assert reply.status == 404
        assert "<h1>There is nothing here</h1>" in reply.text
        assert "'self'" in reply.headers["Content-Security-Policy"]  # our own page, with its style


@pytest.mark.parametrize("path", [COACHES, "workbooks/coach/nothing-of-the-kind/plain"])
def test_nobody_is_asked_to_sign_in_first(nobody: Visitor, path: str) -> None:
    """Whether there is such a workbook is not said; signing in leads back to it."""
    reply = nobody.get(path)
    assert reply.status == 302
    assert "/sign-in?next=%2Fworkbooks%2Fcoach" in reply.location


def test_the_public_workbook_is_there_for_anybody(nobody: Visitor, amina: Visitor) -> None:
    """Without an account, and for people whose role it is not."""
    for visitor in (nobody, amina):
        is_paper(visitor.get(PUBLIC))


def test_nothing_anybody_wrote_is_on_the_paper(amina: Visitor) -> None:
    """It is drawn from the notebook alone."""
    entry = amina.start()
    amina.save(entry, "what-happened", "The boiler had a name of its own.")
    assert "boiler" not in amina.get(COACHES).text


def test_making_it_starts_no_entry(amina: Visitor) -> None:
    """Looking at the paper of a workbook never starts it."""
    before = amina.get("me").text.count("/entries/")
    amina.get(COACHES)
    assert amina.get("me").text.count("/entries/") == before
