"""What a person typed, before it is known to be an answer: words and dates."""

from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOST_OF_A_DATE = 40


def tidy(text: str) -> str:
    """The same words, so that they can be stored: nothing trimmed, only line ends of one kind."""
    # Half of a character that takes two (a picture cut in the middle) cannot be stored.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n")


def parts_of(text: str) -> list[str]:
    """What stands between the "-", "/", "." or spaces of a date."""
    parts = text.replace("/", "-").replace(".", "-").replace(" ", "-").split("-")
    return [p for p in parts if p]


def day_of(text: str) -> date | None:
    """The day: day, month, year in that order, or year first; None where it is no real day."""
    parts = parts_of(text)
    if len(text) > MOST_OF_A_DATE or len(parts) != 3:
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = parts
    if month[:3].lower() in MONTHS:
        month = str(MONTHS.index(month[:3].lower()) + 1)
    try:
        number = int(year) + (2000 if len(year) == 2 else 0)
        value = date(number, int(month), int(day))
    except (ValueError, OverflowError):
        return None
    return value if 1900 <= value.year <= 2200 else None


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
