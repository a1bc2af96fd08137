"""Pages over HTTP: signing in and out, starting, sharing, and what stands on every page."""

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cascade_tools.records.tables import AnswerRow, EntryRow
from tests.living import PASSPHRASE, House
from tests.server.visitor import Reply, Visitor

OUTSIDE = ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "\t//x.y"]


def entries(house: House) -> int:
    with house.records() as records, records.store.database.reading() as s:
        return s.scalar(select(func.count()).select_from(EntryRow)) or 0


def is_a_page(reply: Reply, status: int) -> None:
    """One of our own pages: its status, its headers, and the links that every page has."""
    assert reply.status == status, reply.text
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '/worried">Worried about someone?</a>' in reply.text
    assert '/something-is-not-right">Something is not right</a>' in reply.text
    assert len(re.findall("<h1", reply.text)) == 1
    assert "<title>" in reply.text
    headers = {name: reply.headers[name] or "" for name in HEADERS}
    assert headers == HEADERS
    policy = dict(
        p.strip().split(" ", 1) for p in reply.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == policy["connect-src"] == "'self'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert "http" not in reply.headers["Content-Security-Policy"]
    assert not reply.headers["Server"]
    assert not re.search(r"<[^>]+ (style|on[a-z]+)=", reply.text)
    assert not re.search(r'(src|href)="https?:', reply.text)


HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class TestAnybody:
    def test_health(self, nobody: Visitor) -> None:
        """A proxy learns that the server and its records answer."""
        reply = nobody.get("health")
        assert (reply.status, reply.json) == (200, {"ready": True})

    @pytest.mark.parametrize(
        "path", ["sign-in", "invitation", "worried", "something-is-not-right", "offline"]
    )
    def test_pages_for_anybody(self, nobody: Visitor, path: str) -> None:
        """Help and the door are there for people who are not signed in."""
        is_a_page(nobody.get(path), 200)

    @pytest.mark.parametrize(
        "path",
        ["nothing", "entries/1", "entries/" + "0" * 31, "ENTRIES/" + "0" * 32, "api", "tree", "lab",
         "voila/render/x.ipynb", "voila/files/x", "api/contents", "api/sessions", "api/kernels",
         "api/terminals", "files/secret.key", "static/../secret.key", "workbooks/coach/../x",
         "login", "logout", "metrics", "api/status"],
    )  # fmt: skip
    def test_other_addresses_are_not_there(
        self, nobody: Visitor, amina: Visitor, path: str
    ) -> None:
        """Nothing of Jupyter's answers, and nothing else that is not listed: our own 404."""
        for visitor in (nobody, amina):
            is_a_page(visitor.get(path), 404)

    @pytest.mark.parametrize(
        "path",
        [
            "voila/static/nothing.js",
            "voila/labextensions/nothing.js",
            "static/000000000000/nothing.js",
        ],
    )
    def test_a_missing_script_gives_nothing_away(
        self, house: House, nobody: Visitor, path: str
    ) -> None:
        """A script that is not there is refused without a path, a version or a traceback, and the
        log says neither who asked nor for what."""
        before = len(house.log.read_text())
        reply = nobody.get(path)
        assert reply.status in (403, 404)
        for inside in ("Traceback", "site-packages", str(Path.home()), "nothing.js"):
            assert inside not in reply.text
        for inside in ("Traceback", "127.0.0.1", "nothing.js"):
            assert inside not in house.log.read_text()[before:]

    @pytest.mark.parametrize(
        "path", ["", "me", "workbooks/coach/after-i-coach", "entries/" + "0" * 32]
    )
    def test_signed_out_people_are_asked_to_sign_in(self, nobody: Visitor, path: str) -> None:
        """A page that needs somebody leads to the door, and back afterwards."""
        reply = nobody.get(path)
        assert reply.status == 302
        assert reply.location.startswith("/sign-in?next=%2F")
        assert reply.body == b""

    @pytest.mark.parametrize(
        "path", ["sign-out", "offline", "health", "entries/" + "0" * 32 + "/share"]
    )
    def test_the_wrong_method_is_refused_plainly(self, amina: Visitor, path: str) -> None:
        """An address that takes no such method says so, without a traceback."""
        reply = amina.ask("DELETE", path, headers={"X-XSRFToken": amina.token})
        assert reply.status == 405
        assert "Traceback" not in reply.text

    def test_another_host_is_refused(self, nobody: Visitor) -> None:
        """A page of another site that has its name point here gets nothing."""
        reply = nobody.get("sign-in", Host="elsewhere.example")
        assert reply.status == 403
        assert "Your name" not in reply.text

    def test_scripts_are_kept_and_pages_are_not(self, nobody: Visitor) -> None:
        """The kit's scripts and styles are cached for good under an address of their own content;
        pages are never stored."""
        page = nobody.get("sign-in")
        address = re.search(r'href="(/static/[0-9a-f]+/cascade\.css)"', page.text)
        assert address is not None
        reply = nobody.get(address.group(1), **{"Accept-Encoding": "gzip"})
        assert reply.status == 200
        assert "immutable" in reply.headers["Cache-Control"]
        assert reply.headers["Content-Encoding"] == "gzip"
        assert page.headers["Cache-Control"] == "no-store"


class TestSigningIn:
    def test_in_and_out(self, house: House) -> None:
        """Signing in gives one cookie that scripts cannot read; signing out makes it worthless."""
        visitor = Visitor(house)
        visitor.get("sign-in")
        reply = visitor.sign_in("  eve   EVALFIELD ")
        assert (reply.status, reply.location) == (302, "/")
        cookie = next(c for c in reply.headers.get_all("Set-Cookie") if c.startswith("cascade="))
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "eve" not in cookie.lower()
        is_a_page(visitor.get(""), 200)
        stolen = dict(visitor.cookies)
        out = visitor.post("sign-out")
        assert (out.status, out.location) == (302, "/sign-in")
        assert "cascade" not in visitor.cookies
        assert '"cache"' in out.headers["Clear-Site-Data"]
        visitor.cookies = stolen
        assert visitor.get("").status == 302

    def test_the_wrong_words(self, nobody: Visitor) -> None:
        """401 shows the page again with one sentence, and the passphrase is not on it."""
        reply = nobody.sign_in("Eve Evalfield", "marker-passphrase")
        is_a_page(reply, 401)
        assert "do not go together" in reply.text
        assert "marker-passphrase" not in reply.text
        assert "cascade" not in nobody.cookies

    def test_in_place(self, house: House, nobody: Visitor) -> None:
        """A covered page signs in without leaving: JSON says who it is, or what is wrong."""
        json = {"Accept": "application/json"}
        fields = {"name": "Eve Evalfield", "passphrase": "wrong words here"}
        wrong = nobody.post("sign-in", fields, **json)
        assert (wrong.status, set(wrong.json)) == (401, {"problem"})
        right = nobody.post("sign-in", {**fields, "passphrase": PASSPHRASE}, **json)
        assert (right.status, right.json) == (200, {"person": house.people["eve"].id})

    def test_without_the_token_nobody_signs_in_or_out(self, house: House) -> None:
        """Another site cannot sign anybody in or out."""
        visitor = Visitor(house, "eve")
        for path in ("sign-in", "sign-out"):
            reply = visitor.ask("POST", path, b"name=x&passphrase=y")
            is_a_page(reply, 403)
        assert visitor.get("").status == 200

    @pytest.mark.parametrize("outside", OUTSIDE)
    def test_next_never_leaves_the_site(self, house: House, outside: str) -> None:
        """An address that was slipped into *next* is not where one lands, nor signed in already."""
        visitor = Visitor(house)
        visitor.get("sign-in")
        assert visitor.sign_in("Eve Evalfield", next=outside).location == "/"
        from urllib.parse import urlencode

        assert visitor.get("sign-in?" + urlencode({"next": outside})).location == "/"

    def test_next_leads_back(self, house: House) -> None:
        """Within the site one lands where one wanted to go."""
        visitor = Visitor(house)
        visitor.get("sign-in")
        assert visitor.sign_in("Eve Evalfield", next="/me").location == "/me"

    def test_anyone_is_anyone_only_in_a_demo(self, house: House, nobody: Visitor) -> None:
        """In a real programme nobody becomes somebody by naming their id."""
        reply = nobody.post("sign-in", {"person": house.people["amina"].id})
        assert reply.status == 401
        assert "cascade" not in nobody.cookies


class TestWorkbooks:
    PATHS = ("coach/after-i-coach", "supervisor/our-supervision", "supervisor/my-overview",
             "leader/going-below-the-surface")  # fmt: skip

    @pytest.mark.parametrize("path", PATHS)
    def test_looking_makes_nothing(self, house: House, path: str) -> None:
        """A GET makes no entry and starts no kernel, for anybody, on a desk neither."""
        before = entries(house)
        for who in ("amina", "sue", "leo"):
            reply = Visitor(house, who).get(f"workbooks/{path}")
            assert reply.status in (200, 404)
        assert entries(house) == before
        assert house.kernels() == []

    def test_starting_makes_one_entry(self, house: House, amina: Visitor) -> None:
        """*Start* leads to the entry of that session, and starting again to the same one."""
        before = entries(house)
        with house.records() as records:
            pair = records.people.pairs_of(amina.person)[0]
        session = f"{pair.id}/{pair.sessions[0].id}"
        first = amina.start("coach/after-i-coach", session=session)
        assert amina.start("coach/after-i-coach", session=session) == first
        assert entries(house) == before + 1
        is_a_page(amina.get(f"entries/{first}"), 200)
        is_a_page(amina.get(f"entries/{first}/check"), 200)
        assert house.kernels() == []

    def test_starting_without_a_choice_says_so(self, house: House, amina: Visitor) -> None:
        """400 names what is missing, and makes nothing."""
        before = entries(house)
        is_a_page(amina.post("workbooks/coach/after-i-coach"), 400)
        assert entries(house) == before

    def test_nobody_starts_about_another_pair(self, house: House, beth: Visitor) -> None:
        """A pair's id in the wrong hands starts nothing."""
        before = entries(house)
        for session in ("new", "0" * 32):
            fields = {"session": f"{house.pair}/{session}"}
            is_a_page(beth.post("workbooks/coach/after-i-coach", fields), 404)
        assert entries(house) == before


class TestSharing:
    @pytest.fixture
    def shared(self, amina: Visitor) -> tuple[str, str]:
        entry = amina.start()
        assert amina.save(entry, "what-happened", "We met at the river").status == 200
        page = amina.get(f"entries/{entry}/check").text
        parts = re.findall(r'name="part"[^>]* value="([a-z-]+)"', page)
        return entry, amina.share(entry, *parts)

    def test_it_is_previewed_first(self, amina: Visitor, sue: Visitor) -> None:
        """The first press shows what the reader will see and shares nothing; a preview that is out
        of date shares nothing either."""
        entry = amina.start()
        amina.save(entry, "what-happened", "the first version")
        parts = re.findall(
            r'name="part"[^>]* value="([a-z-]+)"', amina.get(f"entries/{entry}/check").text
        )
        fields = {"part": parts, "until-day": "27", "until-month": "3", "until-year": "2099"}
        fields |= {"purpose": "To talk about"}
        preview = amina.post(f"entries/{entry}/share", fields)
        is_a_page(preview, 200)
        assert "the first version" in preview.text
        assert "can read" not in amina.get(f"entries/{entry}/check").text
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', preview.text)
        assert seen is not None
        amina.save(entry, "what-happened", "the second version", counter=2)
        again = amina.post(f"entries/{entry}/share", {**fields, "seen": seen.group(1)})
        is_a_page(again, 200)
        assert "Your answers changed" in again.text
        assert "the second version" in again.text
        assert "can read" not in amina.get(f"entries/{entry}/check").text

    def test_the_reader_reads_and_the_author_is_told(
        self, amina: Visitor, sue: Visitor, shared: tuple[str, str]
    ) -> None:
        """What was shared opens for its reader; the author sees who opened it."""
        entry, snapshot = shared
        reply = sue.get(f"shared/{snapshot}")
        is_a_page(reply, 200)
        assert "We met at the river" in reply.text
        assert "Sue Superfield" in amina.get(f"shared/{snapshot}").text
        me = amina.get("me")
        is_a_page(me, 200)
        assert "Sue Superfield" in me.text
        assert "Opened" in amina.get(f"entries/{entry}/check").text

    def test_stopping_is_immediate(
        self, amina: Visitor, sue: Visitor, shared: tuple[str, str]
    ) -> None:
        """After *Stop sharing* the reader's next request is a 404; *back* never leaves the site."""
        _, snapshot = shared
        assert sue.get(f"shared/{snapshot}").status == 200
        stop = re.search(r"/(shares/[0-9a-f]{32}/stop)", amina.get(f"shared/{snapshot}").text)
        assert stop is not None
        assert sue.post(stop.group(1)).status == 404
        reply = amina.post(stop.group(1), {"back": "//elsewhere.example/"})
        assert (reply.status, reply.location) == (302, "/")
        is_a_page(sue.get(f"shared/{snapshot}"), 404)
        for more in ("thanks", "review"):
            is_a_page(sue.post(f"shared/{snapshot}/{more}"), 404)
        is_a_page(amina.get(f"shared/{snapshot}"), 200)

    def test_one_press_answers(self, amina: Visitor, sue: Visitor, shared: tuple[str, str]) -> None:
        """*Read, thank you* reaches the author; with a date that is none, nothing does."""
        _, snapshot = shared
        wrong = {"talk-on-day": "31", "talk-on-month": "2", "talk-on-year": "2099"}
        is_a_page(sue.post(f"shared/{snapshot}/thanks", wrong), 400)
        assert sue.post(f"shared/{snapshot}/thanks").status == 302
        assert "Sue Superfield answers" in amina.get(f"shared/{snapshot}").text

    def test_a_private_answer_outlives_the_share(
        self, house: House, amina: Visitor, sue: Visitor, shared: tuple[str, str]
    ) -> None:
        """A supervisor's own draft stays theirs to read when the reflection beside it is withdrawn;
        the reflection does not."""
        _, snapshot = shared
        review = sue.post(f"shared/{snapshot}/review").location.rsplit("/", 1)[1]
        assert sue.save(review, "curious", "my own half thought").status == 200
        assert "We met at the river" in sue.get(f"entries/{review}").text
        stop = re.search(r"/(shares/[0-9a-f]{32}/stop)", amina.get(f"shared/{snapshot}").text)
        assert stop is not None
        amina.post(stop.group(1))
        page = sue.get(f"entries/{review}")
        is_a_page(page, 200)
        assert "my own half thought" in page.text
        assert "We met at the river" not in page.text

    def test_an_empty_entry_shares_nothing(self, amina: Visitor) -> None:
        """400 says that there is nothing to share yet."""
        entry = amina.start()
        fields = {"until-day": "27", "until-month": "3", "until-year": "2099"}
        is_a_page(amina.post(f"entries/{entry}/share", fields), 400)


class TestMe:
    def test_a_ticket_is_shown_once(self, amina: Visitor) -> None:
        """A ticket stands on the page that was asked for it, and on no page afterwards."""
        reply = amina.post("me/signing-in", {"do": "ticket"})
        is_a_page(reply, 200)
        ticket = re.search(r'class="ticket">([^<]+)<', reply.text)
        assert ticket is not None
        assert ticket.group(1) not in amina.get("me/signing-in").text

    def test_a_passphrase_that_will_not_do(self, house: House) -> None:
        """400 says what is wrong, and the session goes on."""
        visitor = Visitor(house, "eve")
        for now, new in (("wrong words here", "a new passphrase"), (PASSPHRASE, "short")):
            is_a_page(
                visitor.post("me/signing-in", {"do": "passphrase", "now": now, "new": new}), 400
            )
        assert visitor.get("me").status == 200

    def test_everywhere_means_here_too(self, house: House) -> None:
        """*Sign out everywhere* ends every browser, this one too."""
        here, there = Visitor(house, "eve"), Visitor(house, "eve")
        here.post("me/signing-in", {"do": "everywhere"})
        assert [v.get("me").status for v in (here, there)] == [302, 302]


class TestOurMistakes:
    def test_a_damaged_answer_is_a_plain_page(self, house: House, beth: Visitor) -> None:
        """500 is a page with the links of every page and none of the words; the log has neither
        words nor a name; other pages go on."""
        before = len(house.log.read_text())
        entry = beth.start()
        assert beth.save(entry, "what-happened", "marker-damaged").status == 200
        with house.records() as records, records.store.database.writing() as s:
            row = s.scalars(select(AnswerRow).where(AnswerRow.entry_id == entry)).one()
            row.sealed = row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])
        for path in (f"entries/{entry}", f"entries/{entry}/check"):
            reply = beth.get(path)
            is_a_page(reply, 500)
            assert "Something went wrong" in reply.text
            for inside in ("marker-damaged", "Traceback", "secret.key", ".py"):
                assert inside not in reply.text
        is_a_page(beth.get(""), 200)
        log = house.log.read_text()[before:]
        assert "EntryPage 500" in log
        for inside in ("marker-damaged", "Beth", entry, "Traceback"):
            assert inside not in log
