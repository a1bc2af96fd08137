"""One person on a training day: what they do, and whether it was right each time."""

import asyncio
import json
import random
import re
import secrets
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus

from bench.caller import Caller, Day
from bench.channel import Channel
from bench.people import LONGEST, Writer
from tests.living import PASSPHRASE

BOXES = ("what-happened", "not-said", "question-landed", "own-team-question")
# Between two saves of somebody who types, in seconds: prompts save when the hand rests.
BETWEEN = (0.7, 1.6)
BURST = (4, 16)
MOST_SHARES = 2
SENTENCE = "We were late, and then we talked about the roof. "
# What somebody does after they have written for a while, and how often in a hundred times.
NEXT = {"write": 50, "rest": 15, "share": 8, "leave": 9, "lid": 8, "asleep": 4, "sign out": 6}


class Attendee:
    """A coach who comes, writes, shares, rests, goes and comes back until the day is over.

    ``rest`` is the longest pause, in seconds.  ``kept`` has the last acknowledged words of each
    box; ``sent`` those that went after them and were never answered, because a lid was closed.
    """

    def __init__(self, port: int, writer: Writer, number: int, day: Day, rest: float) -> None:
        self.writer, self.day, self.rest = writer, day, rest
        self.kept: dict[str, str] = {}
        self.sent: dict[str, list[str]] = defaultdict(list)
        self.asleep: list[Channel] = []
        self._chance = random.Random(number)  # noqa: S311 - a way through the day, no secret
        self._caller = Caller(port, writer.person, number, day)
        self._expect = self._caller.expect
        self._asked: dict[str, str] = {}
        self._base: dict[str, int] = {}
        self._page, self._counter, self._texts, self._shares = "", 0, 0, 0
        self._channel: Channel | None = None

    async def attend(self, over: float) -> None:
        """Their whole day, until ``over`` on the clock of ``time.monotonic``."""
        signed_in = False
        while time.monotonic() < over:
            if not signed_in:
                await self._arrive()
            await self._open()
            signed_in = await self._stay(over)
        await self._go_home(signed_in)
        self._caller.hang_up()

    async def _arrive(self) -> None:
        await self._caller.get("/sign-in")
        who = {"name": self.writer.name, "passphrase": PASSPHRASE, "next": "/"}
        reply = await self._caller.post("/sign-in", who, "sign-in")
        self._expect(reply.status == HTTPStatus.FOUND, f"signing in: {reply.status}")
        await self._caller.get("/")
        reply = await self._caller.ask("page", "GET", f"/workbooks/{LONGEST}")
        self._expect(reply.status in (HTTPStatus.OK, HTTPStatus.FOUND), "the start page")
        self.day.here += 1

    async def _stay(self, over: float) -> bool:
        """Write and rest on one page until it is left; whether they are still signed in."""
        while time.monotonic() < over:
            await self._write(over)
            await self._pause(self.rest / 4)
            match self._chance.choices([*NEXT], [*NEXT.values()])[0]:
                case "rest":
                    await self._pause(self.rest)
                case "share":
                    await self._share()
                case "leave":
                    await self._goodbye()
                    await self._caller.get("/")
                    return True
                case "lid" | "asleep" as how:
                    await self._close_lid(asleep=how == "asleep")
                    await self._pause(self.rest)
                    return True
                case "sign out":
                    await self._sign_out()
                    await self._pause(self.rest)
                    return False
        return True

    async def _go_home(self, signed_in: bool) -> None:
        """At the end of the day: some sign out, some close the page, some only the lid."""
        if not signed_in:
            return
        match self._chance.choice(("sign out", "leave", "lid")):
            case "sign out":
                await self._sign_out()
            case "leave":
                await self._goodbye()
                self.day.here -= 1
            case "lid":
                await self._close_lid(asleep=False)
                self.day.here -= 1

    # The page

    async def _open(self) -> None:
        """The page of the entry, with what was kept on it; then its pictures."""
        html = (await self._caller.get(self.writer.path)).text
        for box in BOXES:
            self._asked[box] = _field(html, f"asked:{box}")
            self._base[box] = int(_field(html, f"base:{box}") or 0)
            there = _words(html, box)
            if box in self.kept:
                self._expect(there in (self.kept[box], *self.sent[box]), f"{box} is not as saved")
            if there:
                self.kept[box] = there
            self.sent[box].clear()
        self._page, self._counter = secrets.token_hex(12), 0
        reply = await self._caller.ask("pictures", "POST", f"{self.writer.path}/pictures")
        self.day.done["pages opened"] += 1
        if reply.status == HTTPStatus.SERVICE_UNAVAILABLE:
            # The page says so, keeps the picture it has, and people write on.
            self.day.done["pictures put off (503)"] += 1
            return
        if reply.status != HTTPStatus.OK:
            self._expect(False, f"pictures: {reply.status}")
            return
        try:
            self._channel = await Channel.open(self._caller.port, self._caller.cookie, reply.text)
        except Exception as fault:  # whatever it was, the day goes on without pictures
            self._expect(False, f"no line to a kernel: {type(fault).__name__}: {fault}")

    async def _write(self, over: float) -> None:
        """Type for a while: a save whenever the hand rests."""
        box = self._chance.choice(BOXES)
        self._texts += 1
        words = f"{self._caller.number}, {self._texts}: "
        for _ in range(self._chance.randint(*BURST)):
            if time.monotonic() > over:
                return
            words += SENTENCE
            await self._save(box, words.strip())
            await asyncio.sleep(self._chance.uniform(*BETWEEN))

    async def _save(self, box: str, words: str) -> None:
        self.sent[box].append(words)
        path, headers, body = self._saving(box, words)
        reply = await self._caller.until_taken("save", "PUT", path, headers, body)
        if reply.status != HTTPStatus.OK:
            self._expect(False, f"a save: {reply.status}")
            return
        self._base[box] = json.loads(reply.text)["revision"]
        self.kept[box] = words
        self.sent[box].clear()
        if self._channel is not None:
            self._channel.saved()

    def _saving(self, box: str, words: str) -> tuple[str, dict[str, str], bytes]:
        self._counter += 1
        sent = {
            "value": words,
            "base": self._base[box],
            "asked": self._asked[box],
            "writer": self._page,
            "counter": self._counter,
        }
        path = f"/api{self.writer.path}/answers/{box}"
        return path, {"Content-Type": "application/json"}, json.dumps(sent).encode()

    async def _share(self) -> None:
        """Look at what the supervisor would see, and share just that."""
        if self._shares == MOST_SHARES or not self.kept:
            return
        self._shares += 1
        check = (await self._caller.get(f"{self.writer.path}/check")).text
        then = datetime.now(UTC).date() + timedelta(days=30)
        fields = [("part", part) for part in re.findall(r'name="part"[^>]* value="([^"]+)"', check)]
        fields += [(f"until-{n}", str(getattr(then, n))) for n in ("day", "month", "year")]
        fields += [("purpose", "To talk about")]
        address = f"{self.writer.path}/share"
        preview = await self._caller.post(address, fields)
        seen = _field(preview.text, "seen")
        reply = await self._caller.post(address, [*fields, ("seen", seen)])
        self._expect(reply.status == HTTPStatus.FOUND, f"sharing: {reply.status}")
        self.day.done["sheets shared"] += 1

    # Leaving

    async def _goodbye(self) -> None:
        """The page is left, and says so."""
        channel = self._let_go()
        if channel is not None:
            reply = await self._caller.post(f"/api/kernels/{channel.kernel}/goodbye", {})
            fits = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND)
            self._expect(reply.status in fits, f"goodbye: {reply.status}")
            channel.close()
        self.day.done["pages left"] += 1

    async def _close_lid(self, *, asleep: bool) -> None:
        """No goodbye, and perhaps a save on its way of which nobody will hear."""
        if self._chance.random() < 0.5:
            box, words = BOXES[0], f"{self._caller.number}, lid {self._texts}: {SENTENCE}".strip()
            self.sent[box].append(words)
            await self._caller.send_and_go("PUT", *self._saving(box, words))
        self._caller.hang_up()
        channel = self._let_go()
        if channel is not None and asleep:
            channel.fall_asleep()
            self.asleep.append(channel)
        elif channel is not None:
            channel.break_off()
        self.day.done["lids closed"] += 1

    async def _sign_out(self) -> None:
        channel = self._let_go()
        reply = await self._caller.post("/sign-out", {})
        self._expect(reply.status == HTTPStatus.FOUND, f"signing out: {reply.status}")
        if channel is not None:
            channel.close()
        self._caller.forget()
        self.day.here -= 1
        self.day.done["signed out"] += 1

    def _let_go(self) -> Channel | None:
        channel, self._channel = self._channel, None
        if channel is not None:
            self.day.took["picture drawn anew"] += channel.took
        return channel

    def end(self) -> None:
        """Whatever still sleeps after the day is gone, too."""
        for channel in self.asleep:
            channel.break_off()

    async def _pause(self, most: float) -> None:
        await asyncio.sleep(self._chance.uniform(most / 10, most))


def _field(html: str, name: str) -> str:
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', html)
    return found.group(1) if found else ""


def _words(html: str, box: str) -> str:
    """What stands in a box of the page."""
    found = re.search(rf'id="q-{box}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    return unescape(found.group(1)).strip("\r\n") if found else ""
