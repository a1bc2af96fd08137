"""A room with people in it: ``cascade room`` in a process of its own, and simulated visitors.

Each visitor goes their own way by chance, and looks whether every page is right and theirs.
"""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from cascade_tools import content
from cascade_tools.model.practice import Drill, Scene, shuffled
from tests.living import ROOT, free_port

MOST_AT_ONCE = 200


class OpenRoom:
    """``with OpenRoom(aside, folder) as room``: a room that answers at ``room.url``.

    ``aside`` is an empty folder: the process has its working, home and temporary folder in it.
    """

    def __init__(self, aside: Path, *arguments: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.log = aside / "log"
        self.own = aside / "own"
        self.own.mkdir()
        self.command = [sys.executable, "-m", "cascade_tools", "room", *arguments]
        self.command += ["--port", str(self.port)]
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "OpenRoom":
        own = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME"), str(self.own))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                cwd=self.own,
                env={**os.environ, **own, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while "Ctrl and C" not in self.said:
            assert self.process.poll() is None and time.monotonic() < deadline, self.said
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> int:
        """Ctrl and C, as an operator does; the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)

    @property
    def said(self) -> str:
        """Everything the process wrote."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


@dataclass
class Guest:
    """Somebody with a phone.  ``took``: the seconds of each answer; ``faults``: what was amiss."""

    url: str
    number: int
    pause: tuple[float, float] = (0, 0)
    local: Path | None = None
    took: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)  # noqa: S311 - a way through, no secret
        self.client = AsyncHTTPClient(force_instance=True, max_clients=MOST_AT_ONCE)

    async def arrive(self) -> None:
        """The page with what there is to try, and the style it needs."""
        page = await self.ask("")
        for name in re.findall(r'href="/(static/[^"]+)"', page):
            await self.ask(name)

    async def talk(self, scene: Scene) -> None:
        """A whole conversation, to the look back at its end."""
        path, said, turn = f"practice/conversations/{scene.id}", [], scene.turns[0]
        page = await self.ask(path)
        seed = self.hidden(page, "seed")[:1]
        while True:
            self.see(page, scene.title, turn.says)
            offered = re.findall(r'class="say" name="said" value="([a-z])"', page)
            self.expect(sorted(offered) == sorted(r.id for r in turn.replies), "replies")
            reply = self.chance.choice(turn.replies)
            said.append(reply.id)
            # As somebody does who wishes to see how it goes on, where it would stop.
            past = [("past", str(len(said)))] if scene.right else []
            fields = [*(("seed", s) for s in seed), *past, *(("said", one) for one in said)]
            page = await self.ask(path, fields)
            self.see(page, reply.words, reply.then)
            self.expect(self.hidden(page, "seed")[:1] in ([], seed), "another's seed")
            following = scene.turn(reply.next)
            if following is None:
                break
            turn = following
        steps, _ = scene.walk(said)
        if all(step.reply.acceptable for step in steps):
            self.see(page, scene.learning, *(step.reply.why for step in steps))

    async def try_out(self, drill: Drill, times: int) -> None:
        """Some items of a drill, each with its answer."""
        path = f"practice/{'statements' if drill.kind == 'sort' else 'drills'}/{drill.id}"
        page = await self.ask(path)
        (seed,) = set(self.hidden(page, "seed")) or {""}
        for at in range(times):
            item = shuffled(drill.items, seed)[at % len(drill.items)]
            self.see(page, item.words)
            fields = [("seed", seed), ("at", str(at))]
            if drill.choices:
                code, words = self.chance.choice(drill.choices)
                page = await self.ask(path, [*fields, ("answer", code)])
                self.see(page, item.words, f"You chose</span> {escape(words)}", item.why)
            elif drill.kind == "order":
                numbers = enumerate(self.chance.sample(range(1, 6), 5))
                placed = [(f"place-{n}", str(number)) for n, number in numbers]
                page = await self.ask(path, [*fields, *placed])
                self.see(page, *item.answers, item.why)
            elif drill.kind == "silence":
                await self.ask(path, [*fields, ("answer", item.answers[0])])
                page = await self.ask(path, [*fields, ("do", "write")])
                self.see(page, item.why)
            else:
                self.see(page, *item.answers, item.why)
            page = await self.ask(path, [*fields, ("do", "another")])

    async def ask(self, path: str, fields: list[tuple[str, str]] | None = None) -> str:
        """One request and its page, after a pause to read and think."""
        if self.pause[1]:
            await asyncio.sleep(self.chance.uniform(*self.pause))
        body = urlencode(fields) if fields is not None else None
        began = time.perf_counter()
        answer: HTTPResponse = await self.client.fetch(
            self.url + path,
            method="GET" if fields is None else "POST",
            body=body,
            raise_error=False,
            follow_redirects=False,
            request_timeout=60,
            decompress_response=True,
        )
        self.took.append(time.perf_counter() - began)
        self.expect(answer.code == 200, f"{answer.code} {answer.reason}")
        self.expect("Set-Cookie" not in answer.headers, "a cookie")
        kept = "public" if path.startswith("static/") else "no-store"
        self.expect(kept in answer.headers.get("Cache-Control", ""), "kept by the browser")
        return answer.body.decode() if answer.body else ""

    def hidden(self, page: str, name: str) -> list[str]:
        return re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', page)

    def see(self, page: str, *words: str) -> None:
        """These words stand on the page."""
        plain = " ".join(unescape(page).split())
        for one in words:
            self.expect(" ".join(unescape(one).split()) in plain, f"not there: {one[:40]}")

    def expect(self, sound: bool, fault: str) -> None:
        if not sound:
            self.faults.append(f"guest {self.number}: {fault}")

    async def practise(self) -> None:
        """Something by chance: a conversation, or some of a drill."""
        scenes = content.scenes(self.local)
        drills = (*content.drills(self.local), *content.statements(self.local))
        if self.chance.random() < 0.5:
            await self.talk(self.chance.choice(scenes))
        else:
            await self.try_out(self.chance.choice(drills), 3)
