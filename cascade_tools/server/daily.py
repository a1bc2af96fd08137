"""What a server does once a day, beside the pages and never in their way."""

import asyncio
import logging

from cascade_tools.server.serving import Serving

DAY, SOON = 24 * 60 * 60.0, 60 * 60.0
LOG = logging.getLogger("cascade")


async def every_day(serving: Serving) -> None:
    """Call ``serving.daily`` at the start and every 24 hours, in the threads of the records.

    When it fails the server goes on, the log says of what kind the failure was and nothing else,
    and it is tried again within the hour.
    """
    while serving.daily is not None:
        try:
            await serving.work(serving.daily)
            rest = DAY
        except Exception as error:
            LOG.error("The daily run did not finish (%s).", type(error).__name__)
            rest = SOON
        await asyncio.sleep(rest)
