"""20. Not signed in, or only pretending: to be somebody, to come from our pages, to come for us.

Nothing is there for anybody who is not signed in but the door and the pages that help.  No name,
id, header, address or cookie makes anybody somebody else; no other site can send, read or frame.
"""

import inspect
import json
import re
import secrets
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import websocket
from jupyter_server.base.handlers import JupyterHandler
from playwright.sync_api import Page
from tornado.web import RequestHandler

from cascade_tools.model.consent import KEEP
from cascade_tools.model.people import Role
from cascade_tools.server.addresses import Addresses
from cascade_tools.server.app import App
from tests.browser import steps
from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    KEY,
    fresh_entry,
    kept,
    kernel_of,
    share,
    written_by,
)
from tests.faults.visitor import Visitor, asked
from tests.living import PASSPHRASE

WRITES = ("post", "put", "delete", "patch")


def routes() -> list[tuple[str, type[RequestHandler]]]:
    """Every address of the server, from the list the server itself is made with."""
    place = SimpleNamespace(addresses=Addresses("/"))
    nothing: Any = SimpleNamespace(
        voila_configuration=None,
        template_paths=[],
        config=None,
        serving=place,
        static_paths=[],
        labextensions_path=[],
    )
    return [(pattern, handler) for pattern, handler, *_ in App.init_handlers(nothing)]


def answers(handler: type[RequestHandler], method: str) -> bool:
    """Whether the handler does anything for this method."""
    return getattr(handler, method) is not RequestHandler._unimplemented_method


def _writes() -> list[tuple[str, str]]:
    return [(m, pattern) for pattern, h in routes() for m in WRITES if answers(h, m)]


@pytest.fixture(scope="module")
def hers(house: QuickHouse) -> dict[str, str]:
    """Real ids of Amina's, for each part of an address that names something."""
    entry = fresh_entry(house, what_happened="As it was")
    amina = Visitor(house, "amina")
    share(amina, entry, "what-happened")
    with house.records() as records:
        shared = records.sharing.of(house.people["amina"].id, entry)[0]
    return {
        "entries": entry,
        "together": entry,
        "pairs": house.pair,
        "coaches": house.people["amina"].id,
        "shared": shared.snapshot_id,
        "shares": shared.id,
        "kernels": kernel_of(amina, entry),
        "conversations": "v9-rivals",
        "drills": "1-spot-it",
        "statements": "leading-or-helping",
        "practice/cards": "talk-over-lunch",
        "cards": "ABC-234",
    }


@pytest.fixture(scope="module")
def amina(house: QuickHouse) -> Visitor:
    return Visitor(house, "amina")


@pytest.fixture(scope="module")
def beth(house: QuickHouse) -> Visitor:
    return Visitor(house, "beth")


def _address(pattern: str, hers: dict[str, str]) -> str:
    """A real address of this pattern."""
    path = pattern.replace(r"/answers/([a-z][a-z0-9-]*)", f"/answers/{KEY}")
    path = path.replace("([a-z0-9-]+/[a-z0-9-]+)", "coach/after-i-coach")
    for name, real in hers.items():
        path = re.sub(rf"(/{name}/)\([^)]*\)", rf"\g<1>{real}", path)
    return path.replace("([0-9a-f]{32})", "0" * 32)


@pytest.mark.parametrize(("method", "pattern"), _writes())
@pytest.mark.parametrize("token", ["none", "wrong", "somebody else's"])
def test_nothing_is_written_without_the_token_of_a_page_of_ours(
    house: QuickHouse,
    hers: dict[str, str],
    amina: Visitor,
    beth: Visitor,
    method: str,
    pattern: str,
    token: str,
) -> None:
    """On every address that writes, a signed-in browser is refused unless the request carries the
    token that only our own pages hold."""
    path = _address(pattern, hers)
    assert "(" not in path, f"No example for {pattern}"
    sent = {"X-Cascade-Person": amina.person, "Content-Type": "application/json"}
    if token == "wrong":
        sent["X-XSRFToken"] = f"2|{secrets.token_hex(4)}|{secrets.token_hex(16)}|1700000000"
    elif token != "none":
        sent |= beth.token
    body = {"value": "Forged", "base": 99, "asked": asked(house, "coach/after-i-coach", KEY)}
    body |= {"writer": "forger", "counter": 1}
    reply = amina.ask(method.upper(), path, json.dumps(body), sent)
    assert reply.status == 403
    assert kept(house, hers["entries"]) == {KEY: "As it was"}
    assert amina.get("/").status == 200
    assert amina.get(f"/api/kernels/{hers['kernels']}").status == 200
    with house.records() as records:
        assert records.sharing.of(house.people["amina"].id, hers["entries"])[0].live


def test_the_list_of_addresses_that_write_is_the_whole_list() -> None:
    """The test above means something: it finds the writes we know of."""
    found = {pattern for _, pattern in _writes()}
    for part in ("sign-in", "sign-out", "/answers/", "/share", "/stop", "/goodbye", "/pictures"):
        assert any(part in pattern for pattern in found)
    assert len(found) >= 15


GETS = [pattern for pattern, h in routes() if answers(h, "get") and issubclass(h, JupyterHandler)]


@pytest.mark.parametrize("pattern", GETS)
def test_a_server_called_by_another_name_answers_nothing(
    house: QuickHouse, hers: dict[str, str], amina: Visitor, pattern: str
) -> None:
    """Another site that points its name at this computer gets nothing, signed in or not: every
    page refuses a host it was not told of."""
    path = _address(pattern, hers) if pattern != ".*" else "/no-such-page"
    path = re.sub(r"\(.*\)", "x", path)
    if "/channels" in path:
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            websocket.create_connection(
                f"ws://127.0.0.1:{house.port}{path}",
                host="evil.example",
                origin="http://evil.example",
                cookie=amina.cookie,
                timeout=20,
            )
        assert refused.value.status_code == 403
        return
    for host in ("evil.example", f"evil.example:{house.port}", "127.0.0.1.evil.example"):
        reply = amina.get(path, Host=host)
        assert reply.status == 403, (path, host)
        assert "As it was" not in reply.body


def test_no_other_site_may_read_or_frame_a_page(
    house: QuickHouse, amina: Visitor, visit: Callable[..., Page]
) -> None:
    """No page allows another site to read it or to show it inside one of its own, and a browser
    that is asked to shows nothing."""
    for path in ("/", "/me", "/me/signing-in", "/sign-in", "/away", "/worried", "/no-such-page"):
        reply = amina.get(path, Origin="https://evil.example")
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"], path
        assert not [h for h in reply.headers if h.lower().startswith("access-control")], path
    page = visit(house, "amina")
    page.goto("about:blank")
    page.set_content(f'<iframe src="{house.url}me"></iframe>')
    page.wait_for_function("frames.length === 1")
    framed = page.frames[1]
    framed.wait_for_load_state()
    assert "Amina" not in framed.content()


def test_half_a_sign_in_opens_nothing_but_the_other_half(house: QuickHouse) -> None:
    """Whoever supervises or leads gets nowhere with the passphrase alone: without an authenticator
    app only to where one is set up, with one only to where its code is asked for.  No page, save,
    kernel or ticket takes the cookie that waits."""
    entry = fresh_entry(house)
    sue = house.people["sue"]
    for ready in (False, True):
        if ready:
            codes = steps.with_app(house, "sue")
        visitor = Visitor(house)
        reply = visitor.sign_in(sue.name, PASSPHRASE)
        wanted = "/sign-in/code" if ready else "/me/signing-in/app"
        assert reply.headers["Location"].startswith(wanted)
        for path in ("/", "/me", "/me/signing-in", "/me/data", f"/entries/{entry}"):
            assert visitor.get(path).headers["Location"].startswith("/sign-in?next="), path
        assert visitor.get("/me/signing-in/app").status == (302 if ready else 200)
        assert visitor.get("/sign-in/code").status == (200 if ready else 302)
        assert visitor.save(entry, KEY, "Forged").status == 401
    assert visitor.post("/sign-in/code", {"code": "000 000"}).status == 401
    waiting = visitor.cookies["cascade"]
    assert visitor.post("/sign-in/code", {"code": codes[0]}).status == 302
    assert visitor.get("/").status == 200
    assert visitor.cookies["cascade"] != waiting
    again = Visitor(house)
    again.sign_in(sue.name, PASSPHRASE)
    assert again.post("/sign-in/code", {"code": codes[0]}).status == 401, "each code works once"


NAMES = (
    "X-Remote-User",
    "X-Forwarded-User",
    "X-Auth-Request-User",
    "Remote-User",
    "X-Cascade-Person",
)


def test_nobody_is_believed_about_who_they_are(house: QuickHouse) -> None:
    """A name or an id in a header, the address or a cookie signs nobody in and turns nobody into
    somebody else."""
    entry = fresh_entry(house, what_happened="Amina's own words")
    amina = house.people["amina"]
    for visitor in (Visitor(house), Visitor(house, "beth")):
        allowed = (302,) if not visitor.person else (404,)
        for claim in (amina.id, amina.name):
            for name in NAMES:
                reply = visitor.get(f"/entries/{entry}", **{name: claim})
                assert reply.status in allowed
            for name in ("user", "person", "as", "token", "CASCADE_TICKET", "X-Remote-User"):
                reply = visitor.get(f"/entries/{entry}?{name}={claim.split()[0]}")
                assert reply.status in allowed
            for name in ("cascade", "__Host-cascade", "user", "person", "username-127-0-0-1"):
                cookie = f"{visitor.cookie}; {name}={claim.split()[0]}".lstrip("; ")
                reply = visitor.ask("GET", f"/entries/{entry}", headers={"Cookie": cookie})
                assert "Amina's own words" not in reply.body
                assert reply.status in (302, 404)
        before = written_by(house, "amina")
        forged = visitor.save(entry, KEY, "Forged", **{"X-Cascade-Person": amina.id})
        assert forged.status == 401
        assert written_by(house, "amina") == before
    assert Visitor(house).ask("GET", f"/?token={secrets.token_hex(8)}").status == 302


def test_a_page_made_for_somebody_else_saves_nothing(house: QuickHouse) -> None:
    """A save says whom its page was made for.  If that is not who is signed in, it is refused,
    on one's own entry too."""
    entry, amina = fresh_entry(house), Visitor(house, "amina")
    beth = house.people["beth"].id
    assert amina.save(entry, KEY, "x", **{"X-Cascade-Person": beth}).status == 401
    assert amina.save(entry, KEY, "x", **{"X-Cascade-Person": ""}).status == 401
    fields = {"person": beth, KEY: "x", f"asked:{KEY}": asked(house, "coach/after-i-coach", KEY)}
    assert amina.post(f"/entries/{entry}", fields).status == 401
    assert amina.post(f"/entries/{entry}/pictures", **{"X-Cascade-Person": beth}).status == 401
    assert kept(house, entry) == {}


STOCK = [
    "/api/kernels",
    "/api/kernels/{kernel}/restart",
    "/api/kernels/{kernel}/interrupt",
    "/api/contents",
    "/api/contents/programme.toml",
    "/api/me",
    "/api/sessions",
    "/api/terminals",
    "/api/status",
    "/api/spec.yaml",
    "/api/kernelspecs",
    "/metrics",
    "/terminals/websocket/1",
    "/login",
    "/logout",
    "/tree",
    "/lab",
    "/files/secret.key",
    "/nbconvert/html/x.ipynb",
    "/voila",
    "/voila/",
    "/voila/tree",
    "/voila/tree/coach",
    "/voila/render/coach/after-i-coach.ipynb",
    "/voila/files/x.png",
    "/voila/query/{kernel}",
    "/voila/execution/{kernel}",
    "/voila/api/contents",
    "/voila/api/shutdown/{kernel}",
    "/voila/api/themes/x",
    "/voila/templates/lab/static/voila.js",
    "/cascade.db",
    "/secret.key",
    "/programme.toml",
    "/workbooks/coach/after-i-coach.ipynb",
    "/workbooks/coach/../coach/after-i-coach",
    "/workbooks/..%2f..%2fsecret/key",
    "/static/../secret.key",
    "/static/0/..%2f..%2fsecret.key",
    "/voila/static/../../../../../../etc/passwd",
    "/voila/static/..%2f..%2f..%2f..%2f..%2fetc/passwd",
    "/voila/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/voila/static//etc/passwd",
    "/voila/labextensions/../../../../../../etc/passwd",
    "/voila/labextensions/..%2f..%2f..%2f..%2fetc/passwd",
    "/voila/labextensions//etc/passwd",
    "//etc/passwd",
    "/entries/1",
    "/entries/../entries",
    "/entries/" + "0" * 31,
    "/entries/" + "g" * 32,
]


@pytest.mark.parametrize("address", STOCK)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_addresses_of_jupyter_and_voila_that_are_not_ours_are_not_there(
    house: QuickHouse, hers: dict[str, str], amina: Visitor, address: str, method: str
) -> None:
    """Whatever stock Jupyter or Voila would answer, and whatever climbs out of a folder, is not
    there, for somebody signed in, too."""
    path = address.format(kernel=hers["kernels"])
    headers = {**amina.token, "X-Cascade-Person": amina.person, "Referer": house.url}
    reply = amina.ask(method, path, "{}" if method == "POST" else "", headers)
    # Public files of Voila's own are only ever read, and a climb out of them is refused outright,
    # whether or not there is anything where it leads.
    climbs = address.startswith("/voila/static/")
    assert reply.status in ((404, 405, 403) if climbs or method == "POST" else (404,)), path
    assert "root:" not in reply.body
    assert "kernel_id" not in reply.body


def test_a_template_or_theme_cannot_be_chosen_by_the_address(house: QuickHouse) -> None:
    """Voila's switches in the address do nothing."""
    entry, amina = fresh_entry(house), Visitor(house, "amina")
    path = f"/entries/{entry}/pictures?template=../../../../tmp&theme=dark&voila-template=lab"
    assert amina.post(path).status == 200


def test_guessing_a_passphrase_soon_comes_to_an_end(house: QuickHouse) -> None:
    """After ten wrong tries the right passphrase does not open, either, however the name is
    written and whatever address a header claims; other people can sign in meanwhile."""
    with house.records() as records:
        person = records.people.add("Zoë Guessfield", [Role.COACH], "01632 960106")
        code = records.signing_in.invite(person.id, "test")
        records.signing_in.accept(code, PASSPHRASE)
        records.consents.decide(person.id, KEEP, True, house.notice)
    stranger = Visitor(house)
    names = ["Zoë Guessfield", "zoë guessfield", "  ZOË   GUESSFIELD "]
    for number in range(10):
        stranger.always = {"X-Forwarded-For": f"10.0.0.{number}", "X-Real-Ip": f"10.0.1.{number}"}
        assert stranger.sign_in(names[number % 3], f"wrong {number}").status == 401
    stranger.always = {"X-Forwarded-For": "10.9.9.9"}
    reply = stranger.sign_in("Zoë Guessfield", PASSPHRASE)
    assert reply.status == 401
    assert "Too many tries" in reply.body
    assert "cascade" not in stranger.cookies
    assert Visitor(house, "amina").get("/").status == 200


def test_a_wrong_name_and_a_wrong_passphrase_look_alike(house: QuickHouse) -> None:
    """Nobody learns from the sign-in page who takes part."""
    wrong = Visitor(house).sign_in("Tom Superfield", "not the passphrase")
    unknown = Visitor(house).sign_in("Nobody Atall", "not the passphrase")

    def plain(body: str, name: str) -> str:
        return re.sub(r'name="_xsrf" value="[^"]*"', "", body.replace(name, "…"))

    assert wrong.status == unknown.status == 401
    assert plain(wrong.body, "Tom Superfield") == plain(unknown.body, "Nobody Atall")


def test_a_fictional_programme_is_served_to_this_computer_only(
    build: Callable[..., QuickHouse],
) -> None:
    """Where anyone may be anyone, no other computer may come: whatever the operator adds, the
    command refuses and says why."""
    house = build(demo=True)
    for options in (
        ["--host", "0.0.0.0"],  # noqa: S104
        ["--host", "::"],
        ["--proxy", "https://kit.example.org/"],
        ["--host", "0.0.0.0", "--proxy", "https://kit.example.org/"],  # noqa: S104
    ):
        house.options = options
        house.log.unlink(missing_ok=True)
        house.launch().wait(60)
        assert "only ever served on this computer" in house.log.read_text()


def test_a_real_programme_lets_nobody_choose_who_to_be(house: QuickHouse) -> None:
    """The demo's "Continue as" signs nobody in where people are real."""
    stranger = Visitor(house)
    reply = stranger.post("/sign-in", {"person": house.people["amina"].id})
    assert reply.status == 401
    assert "cascade" not in stranger.cookies
    assert "Continue as" not in stranger.get("/sign-in").body


def test_every_handler_is_ours_or_known() -> None:
    """A new address must be added by hand: nothing of Jupyter's comes along by itself."""
    theirs = {
        f"{h.__module__}.{h.__name__}"
        for _, h in routes()
        if not h.__module__.startswith("cascade_tools.")
    }
    assert theirs == {"jupyter_server.services.kernels.handlers.KernelHandler"}
    assert all(inspect.isclass(h) for _, h in routes())
