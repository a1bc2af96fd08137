"""What belongs to another person answers exactly like what does not exist."""

import http.client
import re
import secrets
import socket
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import websocket

from tests.faults.nursery import QuickHouse
from tests.faults.pages import COACH, KEY, fresh_entry, kept, kernel_of, share
from tests.faults.visitor import Reply, Visitor

ME = {"session", "date", "etag", "set-cookie", "content-length"}


@dataclass
class Hers:
    """What Amina has: an entry, a kernel, something shared with Sue, and a ticket."""

    entry: str
    kernel: str
    snapshot: str
    share: str
    visitor: Visitor


@pytest.fixture(scope="module")
def hers(house: QuickHouse) -> Hers:
    entry = fresh_entry(house, what_happened="Amina's own words", not_said="Nothing")
    amina = Visitor(house, "amina")
    share(amina, entry, "what-happened")
    with house.records() as records:
        shared = records.sharing.of(house.people["amina"].id, entry)[0]
    return Hers(entry, kernel_of(amina, entry), shared.snapshot_id, shared.id, amina)


@pytest.fixture(scope="module")
def others(house: QuickHouse) -> dict[str, Visitor]:
    """Everybody else, and somebody who is not signed in."""
    people = {who: Visitor(house, who) for who in ("beth", "leo", "sue", "tom", "pat", "eve")}
    return {**people, "stranger": Visitor(house)}


def same(one: Reply, other: Reply, *names: str) -> None:
    """The two replies cannot be told apart, but for the names that the asker gave."""

    def plain(reply: Reply) -> tuple[object, ...]:
        body = reply.body
        for name in names:
            body = body.replace(name, "…")
        # The cross-site token in a page is masked anew each time.
        body = re.sub(r'name="_xsrf" value="[^"]*"', "", body)
        headers = {k.lower(): v for k, v in reply.headers.items() if k.lower() not in ME}
        for key, value in headers.items():
            for name in names:
                value = value.replace(name, "…")
            headers[key] = value
        return reply.status, body, headers

    assert plain(one) == plain(other)


# Every address with somebody's thing in it: method, address, and what is sent.
ENTRY = [
    ("GET", "/entries/{}"),
    ("POST", "/entries/{}"),
    ("GET", "/entries/{}/check"),
    ("POST", "/entries/{}/share"),
    ("POST", "/entries/{}/release"),
    ("POST", "/entries/{}/record"),
    ("POST", "/entries/{}/forget-earlier"),
    ("POST", "/entries/{}/pictures"),
    ("PUT", "/api/entries/{}/answers/what-happened"),
]
SNAPSHOT = [
    ("GET", "/shared/{}"),
    ("POST", "/shared/{}/thanks"),
    ("POST", "/shared/{}/review"),
    ("GET", "/shared/{}/rounds"),
]
KERNEL = [
    ("GET", "/api/kernels/{}"),
    ("DELETE", "/api/kernels/{}"),
    ("POST", "/api/kernels/{}/goodbye"),
]


def _ask(visitor: Visitor, house: QuickHouse, method: str, address: str) -> Reply:
    path = address
    if method == "PUT":
        entry, key = address.split("/")[3], address.split("/")[-1]
        return visitor.save(entry, key, "Written by somebody else", counter=1)
    if method == "POST":
        fields = {"person": visitor.person, "what-happened": "Written by somebody else"}
        return visitor.post(path, fields)
    return visitor.ask(method, path, headers={**visitor.token, "Referer": house.url})


@pytest.mark.parametrize(("method", "address"), ENTRY)
def test_another_persons_entry_answers_like_none(
    house: QuickHouse, hers: Hers, others: dict[str, Visitor], method: str, address: str
) -> None:
    """Whoever else asks for an entry, on any address of it, gets what they would get for one that
    does not exist; and nothing in it changes."""
    for visitor in others.values():
        none = secrets.token_hex(16)
        theirs = _ask(visitor, house, method, address.format(hers.entry))
        nothing = _ask(visitor, house, method, address.format(none))
        same(theirs, nothing, hers.entry, none)
        assert theirs.status in (302, 401, 404)
        assert (theirs.status == 404) == bool(visitor.person)
    assert kept(house, hers.entry) == {KEY: "Amina's own words", "not-said": "Nothing"}


@pytest.mark.parametrize(("method", "address"), SNAPSHOT)
def test_what_was_shared_with_somebody_else_answers_like_none(
    house: QuickHouse, hers: Hers, others: dict[str, Visitor], method: str, address: str
) -> None:
    """A copy is there for its author and the one reader it was given to, and for nobody else."""
    for who, visitor in others.items():
        if who == "sue":
            continue
        none = secrets.token_hex(16)
        theirs = _ask(visitor, house, method, address.format(hers.snapshot))
        nothing = _ask(visitor, house, method, address.format(none))
        same(theirs, nothing, hers.snapshot, none)
        assert theirs.status == (404 if visitor.person else 302)
    with house.records() as records:
        log = records.read_log.of(house.people["amina"].id)
    assert {line.reader for line in log} <= {"Sue Superfield"}


def test_nobody_stops_what_somebody_else_shares(
    house: QuickHouse, hers: Hers, others: dict[str, Visitor]
) -> None:
    """Not even its reader can stop a share; the answer is as for one that does not exist."""
    for visitor in others.values():
        none = secrets.token_hex(16)
        theirs = visitor.post(f"/shares/{hers.share}/stop")
        nothing = visitor.post(f"/shares/{none}/stop")
        same(theirs, nothing, hers.share, none)
    with house.records() as records:
        assert records.sharing.of(house.people["amina"].id, hers.entry)[0].live


@pytest.mark.parametrize(("method", "address"), KERNEL)
def test_another_persons_kernel_answers_like_none(
    house: QuickHouse, hers: Hers, others: dict[str, Visitor], method: str, address: str
) -> None:
    """Nobody else can look at a kernel, end it or say goodbye for it; it lives on."""
    for visitor in others.values():
        none = str(uuid.uuid4())
        theirs = _ask(visitor, house, method, address.format(hers.kernel))
        nothing = _ask(visitor, house, method, address.format(none))
        same(theirs, nothing, hers.kernel, none)
        assert theirs.status in (302, 403, 404)
    assert hers.visitor.get(f"/api/kernels/{hers.kernel}").status == 200


def test_another_persons_connection_to_a_kernel_answers_like_none(
    house: QuickHouse, hers: Hers, others: dict[str, Visitor]
) -> None:
    """Nobody else can open the web socket of a kernel, nor anybody from another site; its owner
    can."""

    def knock(visitor: Visitor, kernel: str, origin: str) -> int:
        try:
            line = websocket.create_connection(
                f"ws://127.0.0.1:{house.port}/api/kernels/{kernel}/channels",
                cookie=visitor.cookie,
                origin=origin,
                timeout=20,
            )
        except websocket.WebSocketBadStatusException as refused:
            return refused.status_code
        line.close()
        return 101

    for visitor in others.values():
        theirs = knock(visitor, hers.kernel, house.origin)
        assert theirs == knock(visitor, str(uuid.uuid4()), house.origin)
        assert theirs in (401, 403, 404)
    assert knock(hers.visitor, hers.kernel, "http://evil.example") == 403
    assert knock(hers.visitor, hers.kernel, house.origin) == 101


def test_a_stopped_share_is_over_at_the_next_request(house: QuickHouse) -> None:
    """The reader has the page open; the author stops; the reader's next request finds nothing,
    and neither does anything else of theirs."""
    entry = fresh_entry(house, what_happened="For a while only")
    amina, sue = Visitor(house, "amina"), Visitor(house, "sue")
    share(amina, entry, "what-happened")
    with house.records() as records:
        shared = records.sharing.of(house.people["amina"].id, entry)[0]
    assert "For a while only" in sue.get(f"/shared/{shared.snapshot_id}").body
    assert amina.post(f"/shares/{shared.id}/stop").status == 302
    none = secrets.token_hex(16)
    over = sue.get(f"/shared/{shared.snapshot_id}")
    assert over.status == 404
    same(over, sue.get(f"/shared/{none}"), shared.snapshot_id, none)
    assert sue.post(f"/shared/{shared.snapshot_id}/review").status == 404
    assert shared.snapshot_id not in sue.get("/workbooks/supervisor/my-overview").body


def test_a_workbook_of_another_role_answers_like_none(
    house: QuickHouse, others: dict[str, Visitor]
) -> None:
    """A coach has no desk, a supervisor no coach's sheet; they look like what is not there."""
    beth, sue = others["beth"], others["sue"]
    for visitor, path in (
        (beth, "supervisor/my-overview"),
        (beth, "supervisor/our-supervision"),
        (sue, COACH),
    ):
        for method, end in (("GET", ""), ("POST", ""), ("POST", "/pictures")):
            theirs = _ask(visitor, house, method, f"/workbooks/{path}{end}")
            nothing = _ask(visitor, house, method, f"/workbooks/coach/no-such-one{end}")
            same(theirs, nothing, path, "coach/no-such-one")
            assert theirs.status == 404


def test_starting_about_somebody_elses_pair_answers_like_none(
    house: QuickHouse, others: dict[str, Visitor]
) -> None:
    """A sheet about another coach's leader cannot be started."""
    beth = others["beth"]
    theirs = beth.post(f"/workbooks/{COACH}", {"session": f"{house.pair}/new"})
    nothing = beth.post(f"/workbooks/{COACH}", {"session": f"{secrets.token_hex(16)}/new"})
    same(theirs, nothing)
    assert theirs.status == 404


def test_supervision_with_somebody_elses_coach_cannot_be_started(
    house: QuickHouse, others: dict[str, Visitor]
) -> None:
    """A supervisor writes up meetings with the coaches they hold, and no others."""
    tom = others["tom"]
    path = "/workbooks/supervisor/our-supervision"
    assert tom.post(path, {"coach": house.people["amina"].id}).status in (400, 404)
    with house.records() as records:
        assert records.people.supervisions_of(house.people["amina"].id) == []


# Where kernels ask


def face(house: QuickHouse) -> Path:
    """The socket where kernels ask, found as somebody on this computer would look for it."""
    assert house.process is not None
    sockets = psutil.Process(house.process.pid).net_connections("unix")
    return next(Path(str(c.laddr)) for c in sockets if str(c.laddr).endswith("/records"))


class _Face(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=20)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def ask_face(house: QuickHouse, what: str, ticket: str | None) -> tuple[int, bytes]:
    line = _Face(face(house))
    line.request("GET", what, headers={"Authorization": f"Bearer {ticket}"} if ticket else {})
    reply = line.getresponse()
    found = reply.status, reply.read()
    line.close()
    return found


@pytest.fixture
def tickets(house: QuickHouse) -> Iterator[dict[str, str]]:
    """Tickets of Amina's page, of Beth's, and of Sue's desk, each with a live sign-in."""
    with house.records() as records:
        made = {}
        with sqlite3.connect(house.folder.database) as db:
            for who, entry in (
                ("amina", fresh_entry(house, what_happened="Amina's own")),
                ("beth", fresh_entry(house, "beth", what_happened="Beth's own")),
                ("sue", None),
            ):
                records.signing_in.sign_in(house.people[who].id)
                query = "select id from sign_in where person_id = ? order by started_at desc"
                sign_in = db.execute(query, [house.people[who].id]).fetchone()[0]
                made[who] = records.signing_in.ticket(house.people[who].id, sign_in, entry)
                made[f"{who}'s sign-in"] = sign_in
        db.close()
    yield made


ASKED = ("/me", "/answers", "/sittings", "/desk/answers", "/desk/shared", "/desk/caseload")


def test_a_ticket_reads_for_one_person_and_one_page_only(
    house: QuickHouse, tickets: dict[str, str]
) -> None:
    """A page's ticket reads that page and no desk; a desk's ticket reads the desk and no page;
    each reads for its own person, whatever else the request says."""
    nothing = ask_face(house, "/answers", secrets.token_urlsafe(32))
    assert nothing == (404, b"")
    assert b"Amina's own" in ask_face(house, "/answers", tickets["amina"])[1]
    assert b"Beth's own" in ask_face(house, "/answers", tickets["beth"])[1]
    assert b"Amina's own" not in ask_face(house, "/answers", tickets["beth"])[1]
    for what in ASKED[3:]:
        assert ask_face(house, what, tickets["amina"]) == nothing
        assert ask_face(house, what, tickets["sue"])[0] == 200
    for what in ASKED[1:3]:
        assert ask_face(house, what, tickets["sue"]) == nothing


def test_a_wrong_missing_or_ended_ticket_reads_nothing(
    house: QuickHouse, tickets: dict[str, str]
) -> None:
    """No ticket, a guess, a cookie, and a ticket after its person signed out: all the same."""
    nothing = (404, b"")
    amina = Visitor(house, "amina")
    wrong = (None, "", "x", tickets["amina"][:-1], tickets["amina"] + "x", amina.cookies["cascade"])
    for what in ASKED:
        for ticket in wrong:
            assert ask_face(house, what, ticket) == nothing
    with house.records() as records:
        records.signing_in.sign_out(tickets["amina's sign-in"])
    for what in ASKED:
        assert ask_face(house, what, tickets["amina"]) == nothing
    assert ask_face(house, "/answers", tickets["beth"])[0] == 200


def test_the_kernels_door_opens_to_nobody_else_on_the_computer(house: QuickHouse) -> None:
    """The socket and its folder belong to the server's account alone; a ticket is no cookie and
    opens nothing on the public port."""
    socket_file = face(house)
    assert socket_file.stat().st_mode & 0o077 == 0
    assert socket_file.parent.stat().st_mode & 0o077 == 0
    entry = fresh_entry(house)
    with house.records() as records:
        ticket = records.signing_in.ticket(house.people["amina"].id, None, entry)
    stranger = Visitor(house)
    for header in ({"Authorization": f"Bearer {ticket}"}, {"Cookie": f"cascade={ticket}"}):
        assert stranger.ask("GET", f"/entries/{entry}", headers=header).status == 302
        assert stranger.ask("GET", "/answers", headers=header).status == 404
