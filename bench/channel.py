"""A page's web socket to its kernel, spoken as the page speaks it."""

import json
import re
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bench.wire import LOOPBACK

MODEL = re.compile(r'"model_id": ?"([0-9a-f]{32})"')
KERNEL = re.compile(r'"kernelId": ?"([0-9a-f-]{36})"')
MOST_BYTES = 10_000_000


class Channel:
    """``await Channel.open(...)`` for the pictures a server has just sent.

    ``took``: the seconds from saying that something was saved until a picture was drawn anew.
    """

    def __init__(self, kernel: str, models: list[str]) -> None:
        self.kernel, self._models = kernel, models
        self.took: list[float] = []
        self.ended = False
        self._said: dict[str, float] = {}
        self._pokes = 0
        self._line: WebSocketClientConnection | None = None

    @classmethod
    async def open(cls, port: int, cookie: str, html: str) -> "Channel":
        """Raises ``ValueError`` where the HTML names no kernel or no picture, and what tornado
        raises where the server refuses."""
        kernel, models = KERNEL.search(html), MODEL.findall(html)
        if kernel is None:
            raise ValueError("the reply names no kernel")
        if not models:
            raise ValueError("the reply has no picture")
        self = cls(kernel.group(1), models)
        page = uuid.uuid4().hex
        request = HTTPRequest(
            f"ws://{LOOPBACK}:{port}/api/kernels/{self.kernel}/channels?session_id={page}",
            headers={"Cookie": cookie, "Origin": f"http://{LOOPBACK}:{port}"},
            connect_timeout=60,
        )
        self._line = await websocket_connect(
            request, on_message_callback=self._hear, max_message_size=MOST_BYTES
        )
        self._send("kernel_info_request", {})
        self.saved()
        return self

    def saved(self) -> None:
        """Something was saved: each picture may be drawn anew."""
        self._pokes += 1
        for model in self._models:
            self._said.setdefault(model, time.perf_counter())
            state = {"method": "update", "state": {"poke": self._pokes}, "buffer_paths": []}
            self._send("comm_msg", {"comm_id": model, "data": state})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        if self._line is None or self.ended:
            return
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "",
            "session": "page",
            "version": "5.3",
            "date": datetime.now(UTC).isoformat(),
        }
        whole = {"channel": "shell", "header": header, "parent_header": {}, "content": content}
        self._line.write_message(json.dumps(whole | {"metadata": {"version": "2.1.0"}}))

    def _hear(self, message: str | bytes | None) -> None:
        if message is None:
            self.ended = True
            return
        if isinstance(message, bytes):
            return
        said = json.loads(message)
        content = said.get("content", {})
        if said.get("msg_type") != "comm_msg" or "drawn" not in _state(content):
            return
        since = self._said.pop(content.get("comm_id", ""), None)
        if since is not None:
            self.took.append(time.perf_counter() - since)

    def close(self) -> None:
        """The page is gone, and its line with it."""
        if self._line is not None:
            self._line.close()
        self.ended = True

    def fall_asleep(self) -> None:
        """The lid is closed: the line stays, and nothing is read or answered any more."""
        stream = self._stream()
        if stream is not None:
            IOLoop.current().remove_handler(stream.socket)

    def break_off(self) -> None:
        """The line is gone without a word, as when a computer is switched off."""
        stream = self._stream()
        if stream is not None:
            stream.close()
        self.ended = True

    def _stream(self) -> Any:
        protocol = self._line.protocol if self._line is not None else None
        return getattr(protocol, "stream", None)


def _state(content: dict[str, Any]) -> dict[str, Any]:
    state = content.get("data", {}).get("state", {})
    return state if isinstance(state, dict) else {}
