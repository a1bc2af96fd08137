"""A supervisor through a training day: looks at home, at the overview, and at what was shared."""

import asyncio
import random
import re
import time
from http import HTTPStatus

from bench.caller import Caller, Day
from bench.channel import Channel
from tests.living import House

# Stands for her among the numbers of the people.
SUE = 1000
OVERVIEW = "/workbooks/supervisor/my-overview"


class Supervising:
    """Sue, who holds all the coaches; she is signed in already, with her second step done."""

    def __init__(self, house: House, day: Day, rest: float) -> None:
        self._day, self._rest = day, rest
        self._caller = Caller(house.port, house.people["sue"].id, SUE, day)
        self._caller.carry("cascade", house.enter("sue")["cascade"])
        self._chance = random.Random(0)  # noqa: S311 - a way through the day, no secret
        self._read: set[str] = set()

    async def watch_over(self, over: float) -> None:
        """Until ``over`` on the clock of ``time.monotonic``."""
        try:
            while time.monotonic() < over:
                await self._caller.get("/")
                html = (await self._caller.get(OVERVIEW)).text
                await self._look(html)
                await self._read_one()
        except Exception as fault:  # her day; the others go on
            self._day.faults.append(f"the supervisor’s day: {type(fault).__name__}: {fault}")
        self._caller.hang_up()

    async def _look(self, html: str) -> None:
        """The overview with its pictures, where it has some, for a while."""
        channel = None
        if re.search(r'data-pictures="[^"]+"', html):
            reply = await self._caller.until_taken("pictures", "POST", f"{OVERVIEW}/pictures")
            self._caller.expect(reply.status == HTTPStatus.OK, f"a desk: {reply.status}")
            if reply.status == HTTPStatus.OK:
                channel = await Channel.open(self._caller.port, self._caller.cookie, reply.text)
        await asyncio.sleep(self._chance.uniform(self._rest / 10, self._rest))
        if channel is not None:
            await self._caller.post(f"/api/kernels/{channel.kernel}/goodbye", {})
            channel.close()

    async def _read_one(self) -> None:
        """Something new that was shared.  What has been taken back or given anew meanwhile is not
        there, and stands on the overview no more."""
        new = [one for one in await self._shared() if one not in self._read]
        if not new:
            return
        self._read.add(new[0])
        reply = await self._caller.ask("page", "GET", f"/shared/{new[0]}")
        there = reply.status == HTTPStatus.OK
        self._caller.expect(there or new[0] not in await self._shared(), "what is shared is gone")
        self._day.done["shared sheets read"] += there

    async def _shared(self) -> list[str]:
        html = (await self._caller.get(OVERVIEW)).text
        return re.findall(r"/shared/([0-9a-f]{32})", html)
