"""What a person can send to a kernel of their own: widget messages of a bounded size, no code."""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)

from cascade_tools.model.prompts import Kind
from cascade_tools.shelf import open_shelf
from tests.faults.nursery import QuickHouse
from tests.faults.pages import COACH, KEY, fresh_entry, kept, kernel_of, leaders_entry, put
from tests.faults.visitor import Visitor, asked

NEW = "v1.kernel.websocket.jupyter.org"


class Line:
    """A web socket to a kernel, in either of the two spellings a browser may use."""

    def __init__(self, house: QuickHouse, visitor: Visitor, kernel: str, spelling: str) -> None:
        self._spelling = spelling
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{house.port}/api/kernels/{kernel}/channels?session_id={uuid.uuid4()}",
            cookie=visitor.cookie,
            origin=house.origin,
            subprotocols=[spelling] if spelling else None,
            timeout=30,
        )

    def send(self, channel: str, kind: str, content: Any) -> str:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "",
            "session": "attacker",
            "version": "5.3",
            "date": "2026-01-01T00:00:00Z",
        }
        control = content.get("target_name") == "jupyter.widget.control"
        meta = {"version": "1.0.0" if control else "2.1.0"}
        if self._spelling == NEW:
            parts = [json.dumps(p).encode() for p in (header, {}, meta, content)]
            self._socket.send_binary(serialize_msg_to_ws_v1(parts, channel))
        else:
            whole = {"header": header, "parent_header": {}, "metadata": meta, "content": content}
            self._socket.send(json.dumps({**whole, "channel": channel, "buffers": []}))
        return str(header["msg_id"])

    def raw(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            self._socket.send_binary(message)
        else:
            self._socket.send(message)

    def _next(self) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
        """Channel, kind, what it answers, and content of the next message."""
        while True:
            message = self._socket.recv()
            if isinstance(message, bytes) and message:
                channel, parts = deserialize_msg_from_ws_v1(message)
                header, parent, _, content = (json.loads(bytes(p)) for p in parts[:4])
                return channel, header["msg_type"], parent.get("msg_id", ""), content
            if message:
                doc = json.loads(message)
                parent = doc["parent_header"].get("msg_id", "")
                return doc["channel"], doc["header"]["msg_type"], parent, doc["content"]
            raise ConnectionError("The line was closed.")

    def until_answered(self, channel: str) -> list[tuple[str, Any, str, Any]]:
        """Everything that comes until the kernel has answered a harmless question on a channel.

        Messages are taken in order, so whatever was let through before it has happened by then;
        what the kernel told everybody is in, too, once it says that it is idle again.
        """
        asked = self.send(channel, "kernel_info_request", {})
        found = []
        missing = {"kernel_info_reply", "idle"}
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            message = self._next()
            found.append(message)
            if message[2] == asked:
                missing -= {message[1], message[3].get("execution_state")}
            if not missing:
                return found
        raise AssertionError("The kernel did not answer.")

    def states(self) -> dict[str, Any]:
        """The kernel's widgets, as every page asks for them."""
        comm = uuid.uuid4().hex
        opening = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
        self.send("shell", "comm_open", opening)
        asking = {"comm_id": comm, "data": {"method": "request_states"}}
        self.send("shell", "comm_msg", asking)
        for _, kind, _, content in self.until_answered("shell"):
            data = content.get("data", {})
            if kind == "comm_msg" and data.get("method") == "update_states":
                return dict(data["states"])
        raise AssertionError("The kernel did not say what it shows.")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def leo(house: QuickHouse) -> tuple[Visitor, str]:
    """A person with a page that thinks, and its kernel."""
    entry, visitor = leaders_entry(house), Visitor(house, "leo")
    put(house, entry, "leo", "leader/going-below-the-surface", presenting="What I bring")
    return visitor, kernel_of(visitor, entry)


@pytest.fixture(params=[NEW, ""], ids=["new spelling", "old spelling"])
def line(
    request: pytest.FixtureRequest, house: QuickHouse, leo: tuple[Visitor, str]
) -> Iterator[Line]:
    line = Line(house, *leo, request.param)
    line.until_answered("shell")
    yield line
    line.close()


def attacks(marker: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Messages that would run code, stop the kernel or make something new in it."""
    code = {
        "code": f"open({str(marker)!r}, 'w').close()",
        "silent": False,
        "store_history": True,
        "user_expressions": {"x": f"open({str(marker)!r}, 'w')"},
        "allow_stdin": False,
    }
    evaluate = {"seq": 1, "type": "request", "command": "evaluate"}
    made = {"state": {"_model_name": "TextareaModel", "value": "x"}, "buffer_paths": []}
    return [
        ("shell", "execute_request", code),
        ("control", "execute_request", code),
        ("control", "debug_request", {**evaluate, "arguments": {"expression": code["code"]}}),
        ("shell", "debug_request", {**evaluate, "arguments": {"expression": code["code"]}}),
        ("stdin", "input_reply", {"value": "x", "status": "ok"}),
        ("shell", "shutdown_request", {"restart": False}),
        ("control", "shutdown_request", {"restart": False}),
        ("control", "interrupt_request", {}),
        ("shell", "complete_request", {"code": "import o", "cursor_pos": 8}),
        ("shell", "inspect_request", {"code": "open", "cursor_pos": 4, "detail_level": 1}),
        ("shell", "history_request", {"hist_access_type": "tail", "n": 9}),
        ("control", "create_subshell_request", {}),
        (
            "shell",
            "comm_open",
            {"comm_id": "a" * 32, "target_name": "jupyter.widget", "data": made},
        ),
        ("shell", "comm_open", {"comm_id": "b" * 32, "target_name": "os.system", "data": {}}),
        ("shell", "comm_open", {"comm_id": "c" * 32, "target_name": "", "data": {}}),
        (
            "shell",
            "comm_open",
            {"comm_id": "d" * 32, "target_name": "x", "target_module": "os", "data": {}},
        ),
    ]


def test_messages_that_would_run_or_stop_something_are_dropped(
    house: QuickHouse, leo: tuple[Visitor, str], line: Line, tmp_path: Path
) -> None:
    """None of them is answered, nothing ran, nothing was made, and the kernel lives."""
    marker = tmp_path / "ran"
    widgets = set(line.states())
    sent = [line.send(*attack) for attack in attacks(marker)]
    heard = line.until_answered("control") + line.until_answered("shell")
    assert not [m for m in heard if m[2] in sent]
    assert not marker.exists()
    assert set(line.states()) == widgets
    visitor, kernel = leo
    found = visitor.get(f"/api/kernels/{kernel}").json()
    assert found["id"] == kernel
    assert found["execution_state"] in ("idle", "busy")


RUBBISH: list[bytes | str] = [
    b"",
    b"\x00",
    b"\xff" * 64,
    b"\x01\x00\x00\x00\x00\x00\x00\x00",
    b"\x06" + bytes(55),
    "",
    "null",
    "[]",
    "{}",
    '{"channel": "shell", "header": {}}',
    '{"channel": "shell", "header": {"msg_type": ["comm_msg"]}, "content": 5}',
    '{"channel": "shell", "header": {"msg_type": "comm_open"}, "content": 5}',
    '{"channel": ["shell"], "header": {"msg_type": "comm_msg"}}',
    "[" * 200_000,
    "\u202e not json",
]


@pytest.mark.parametrize("spelling", [NEW, ""], ids=["new spelling", "old spelling"])
def test_what_is_no_message_at_all_is_dropped(build: Any, spelling: str) -> None:
    """Bytes and text that mean nothing, sent by somebody signed in, stop neither the server nor
    the kernel, fill no memory, and leave no trace of their words in the log."""
    house: QuickHouse = build()
    house.start()
    entry, visitor = leaders_entry(house), Visitor(house, "leo")
    kernel = kernel_of(visitor, entry)
    # A number of parts that nobody can count to.
    endless = (2**62).to_bytes(8, "little") + b"\x10" * 64
    for rubbish in (*RUBBISH, endless):
        line = Line(house, visitor, kernel, spelling)
        line.raw(rubbish)
        line.close()
        stranger = Visitor(house)
        stranger.patience = 5
        assert stranger.get("/health").status == 200, rubbish[:40]
    again = Line(house, visitor, kernel, NEW)
    assert again.until_answered("shell")
    again.close()
    assert "Traceback" not in house.log.read_text()


def test_a_message_that_is_too_big_ends_the_line_and_not_the_kernel(
    house: QuickHouse, leo: tuple[Visitor, str], line: Line
) -> None:
    """More than two megabytes at once: the connection is closed, the kernel goes on."""
    try:
        line.send("shell", "comm_msg", {"comm_id": "x", "data": {"pad": "x" * 2_100_000}})
        line.until_answered("shell")
    except (ConnectionError, OSError, websocket.WebSocketException):
        pass
    else:
        raise AssertionError("It was let through.")
    again = Line(house, *leo, NEW)
    assert again.states()
    again.close()


HOSTILE = "<img src=x onerror='window.mallory=1'><b id=mallory>Mallory</b>"


def test_what_a_page_says_a_picture_shows_is_not_believed(
    house: QuickHouse, leo: tuple[Visitor, str], line: Line
) -> None:
    """The browser sets every synced trait of the picture: none of it is kept, sent on or echoed;
    only the meaningless number that asks for a redraw counts."""
    states = line.states()
    pictures = {k: s["state"] for k, s in states.items() if "drawn" in s["state"]}
    assert pictures
    attempts = (
        {"html": HOSTILE},
        {"html": HOSTILE, "poke": 5},
        {"drawn": HOSTILE, "stale": True},
        {"poke": HOSTILE},
        {"poke": True, "_esm": "window.mallory = 1"},
        {"_esm": "window.mallory = 1", "_css": HOSTILE, "_anywidget_id": HOSTILE},
        {"layout": HOSTILE, "_view_name": HOSTILE, "comm": None, "keys": ["html"]},
    )
    for model in pictures:
        for state in attempts:
            for method in ("update", "echo_update", "custom", "request_state"):
                data = {"method": method, "state": state, "content": state, "buffer_paths": []}
                line.send("shell", "comm_msg", {"comm_id": model, "data": data})
    heard = line.until_answered("shell") + line.until_answered("shell")
    assert "mallory" not in json.dumps([content for *_, content in heard])
    after = line.states()
    assert "mallory" not in json.dumps(after)
    for model, before in pictures.items():
        now = after[model]["state"]
        assert {k: now[k] for k in ("html", "stale", "_esm", "_view_name")} == {
            k: before[k] for k in ("html", "stale", "_esm", "_view_name")
        }


def test_another_page_of_the_same_person_sees_nothing_an_attacker_set(
    house: QuickHouse, leo: tuple[Visitor, str], line: Line
) -> None:
    """A second line to the same kernel hears nothing of what the first one tried to set."""
    other = Line(house, *leo, NEW)
    model = next(k for k, s in line.states().items() if "drawn" in s["state"])
    data = {"method": "update", "state": {"html": HOSTILE, "poke": 7}, "buffer_paths": []}
    line.send("shell", "comm_msg", {"comm_id": model, "data": data})
    line.until_answered("shell")
    heard = other.until_answered("shell")
    assert "mallory" not in json.dumps([content for *_, content in heard])
    assert "mallory" not in json.dumps(other.states())
    other.close()


def test_one_person_has_a_bounded_number_of_kernels(build: Any) -> None:
    """Opening page after page ends a person's oldest kernel, and nobody else's."""
    house: QuickHouse = build(kernels_per_person=2)
    house.start()
    beth = Visitor(house, "beth")
    hers = kernel_of(beth, fresh_entry(house, "beth"))
    amina, entry = Visitor(house, "amina"), fresh_entry(house)
    mine = [kernel_of(amina, entry) for _ in range(4)]
    alive = [amina.get(f"/api/kernels/{kernel}").status == 200 for kernel in mine]
    assert alive == [False, False, True, True]
    assert beth.get(f"/api/kernels/{hers}").status == 200


def test_a_value_that_no_control_could_give_is_not_stored(house: QuickHouse) -> None:
    """Neither a made-up wording, nor another question's, nor a question that is not kept, nor an
    answer out of range is stored."""
    entry = fresh_entry(house, "beth")
    put(house, entry, "beth", what_happened="As it was")
    beth = Visitor(house, "beth")
    path = f"/api/entries/{entry}/answers"

    def send(key: str, value: object, wording: str) -> int:
        sent = {"value": value, "base": 9, "asked": wording, "writer": "w", "counter": 1}
        headers = {**beth.token, "X-Cascade-Person": beth.person}
        return beth.ask("PUT", f"{path}/{key}", json.dumps(sent), headers).status

    assert send(KEY, "x", "0" * 16) == 404
    assert send(KEY, "x", asked(house, COACH, "not-said")) == 404
    assert send("safety", "yes", asked(house, COACH, "safety")) == 404
    assert send("no-such-question", "x", asked(house, COACH, KEY)) == 404
    assert send("ideas", 5, asked(house, COACH, "ideas")) == 422
    assert send("way", "neither", asked(house, COACH, "way")) == 422
    assert send("way", ["ten"], asked(house, COACH, "way")) == 422
    assert send(KEY, {"a": 1}, asked(house, COACH, KEY)) == 422
    assert send(KEY, "x" * 100_001, asked(house, COACH, KEY)) == 422
    assert send(KEY, "x" * 600_000, asked(house, COACH, KEY)) == 413
    assert kept(house, entry, "beth") == {KEY: "As it was"}


def test_parts_that_no_box_holds_are_not_stored(house: QuickHouse) -> None:
    """An action is kept with the parts that its boxes have, whatever else is sent with it."""
    workbook, key = "leader/ending-and-keeping-going", "actions"
    leo, mallory = Visitor(house, "leo"), {"person_id": house.people["beth"].id, "who": "pair"}
    with house.records() as records:
        entry = records.entries.start(leo.person, workbook, pair_id=house.pair).id
    prompts = open_shelf(house.folder.local).get(workbook).prompts
    key = next(p.key for p in prompts if p.kind is Kind.ACTION)
    sent = [{"what": "Ring them", "__class__": "x", **mallory}, "not an action"]
    assert leo.save(entry, key, sent, workbook=workbook).status == 422
    assert leo.save(entry, key, sent[:1], workbook=workbook).status == 200
    (kept_one,) = kept(house, entry, "leo")[key]
    assert kept_one["what"] == "Ring them"
    assert not set(kept_one) & {"__class__", *mallory}
    for status in ("finished", 7, None, ["done"]):
        reply = leo.save(entry, key, [{"what": "x", "status": status}], workbook=workbook, base=1)
        assert reply.status == (200 if status is None else 422), status


def test_what_belongs_elsewhere_is_not_put_into_a_record_of_two(house: QuickHouse) -> None:
    """Somebody who may correct the record of a meeting puts no answer into it that is not for both,
    and none to a question it does not have."""
    amina = Visitor(house, "amina")
    with house.records() as records:
        meeting = records.people.start_supervision(
            house.people["sue"].id, [amina.person], records.store.now().date()
        )
        theirs = records.entries.start(
            house.people["sue"].id, "supervisor/our-supervision", about_id=meeting
        ).id
        records.entries.commit(house.people["sue"].id, theirs)
    before = kept(house, theirs, "sue")
    for workbook, key in ((COACH, KEY), ("supervisor/our-supervision", "no-such-question")):
        reply = amina.ask(
            "PUT",
            f"/api/entries/{theirs}/answers/{key}",
            json.dumps(
                {
                    "value": "x",
                    "base": 0,
                    "writer": "w",
                    "counter": 1,
                    "asked": asked(house, COACH, KEY),
                }
            ),
            {**amina.token, "X-Cascade-Person": amina.person},
        )
        assert reply.status == 404, workbook
    assert kept(house, theirs, "sue") == before
