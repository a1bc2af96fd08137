"""1, 2, 3: one person opens the longest workbook and types; the peer is a hello."""

from bench import browsing, peers
from bench.people import kept, writers
from bench.rows import Measured, compared
from bench.runs import STOCK, Size, living, place

AGAINST = f"{STOCK}: hello, a character typed and echoed"
CHARACTER = "First character typed into the longest workbook is accepted, and later found saved"
AGAIN = "the same browser comes back, its cache warm"


def visits(size: Size) -> Measured:
    """1, 2, 3: one person opens the longest workbook and types."""
    ours: list[tuple[browsing.Visit, browsing.Visit]] = []
    stock: list[tuple[browsing.Visit, browsing.Visit]] = []
    with place() as top, living(top / "house") as house, peers.hello(top / "stock") as hello:
        hello.wait()
        people = writers(house, size.runs + 1)
        with browsing.browser() as browser:
            # The first visit of each warms that server and is not counted.
            for number, writer in enumerate(people):
                mine = browsing.visits_to_ours(browser, house.url, writer.path, writer.token)
                theirs = browsing.visits_to_stock(browser, hello.url)
                assert kept(house, writer) == "hh", "what was typed first is not in the records"
                if number:
                    ours.append(mine)
                    stock.append(theirs)
    first, stock_first = [one for one, _ in ours], [one for one, _ in stock]
    again, stock_again = [one for _, one in ours], [one for _, one in stock]
    character, character_again = (
        [v.character for v in stock_first],
        [v.character for v in stock_again],
    )
    return Measured(
        [
            compared(1, CHARACTER, AGAINST, [v.character for v in first], character, "s", 0.20),
            compared(
                1,
                f"… {AGAIN}",
                f"{AGAINST}, its cache warm, too",
                [v.character for v in again],
                character_again,
                "s",
                0.20,
            ),
            compared(
                2,
                "The first picture drawn by a kernel on that page",
                AGAINST,
                [v.picture for v in first],
                character,
                "s",
                1.0,
            ),
            compared(
                2,
                f"… {AGAIN}",
                f"{AGAINST}, its cache warm, too",
                [v.picture for v in again],
                character_again,
                "s",
                1.0,
            ),
            compared(
                3,
                "Requests before the first character",
                AGAINST,
                [v.requests for v in first],
                [v.requests for v in stock_first],
                "",
                6,
                absolute=True,
            ),
            compared(
                3,
                "Bytes over the wire before the first character",
                AGAINST,
                [v.kilobytes for v in first],
                [v.kilobytes for v in stock_first],
                "kB",
                80,
                absolute=True,
            ),
        ]
    )
