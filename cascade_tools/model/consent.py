"""What a person may say yes or no to, one by one, and take back as easily.

``KEEP`` is the one that everything rests on: without it nothing they write is stored.  It is a
permission inside the kit; the programme's lawful basis for its own records is its own affair.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

WELCOME = "everyone/welcome"
KEEP = "keep-my-answers"
GROUP_RESULTS = "group-results"
CHOICES = (KEEP, GROUP_RESULTS)


def version_of(notice: str, controller: str, computer: str) -> str:
    """The version of the notice one decides under: its own number, and who holds what is kept.

    When an organisation or the person who runs the computer changes, everybody is asked again.
    """
    holders = hashlib.sha256(f"{controller}\n{computer}".encode()).hexdigest()
    return f"{notice}.{holders[:8]}"


@dataclass(frozen=True, slots=True)
class Consent:
    """One decision: which choice, yes or no, when, and under which version of the notice."""

    choice: str
    given: bool
    version: str
    at: datetime
