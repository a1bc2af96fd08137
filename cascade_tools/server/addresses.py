"""Every address of the kit, made in one place that knows the base path."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Addresses:
    """``base`` begins and ends with a slash: ``"/"``, or ``"/x/"`` behind a proxy."""

    base: str = "/"

    def to(self, path: str = "", **query: str) -> str:
        """The address of a page, such as ``to("entries/…", page="moment")``.  Codes only."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.base}{quote(path)}{asked}"

    def within(self, address: str) -> str:
        """``address`` if it stays inside this server, else home: the way back after sign-in."""
        inside = address.startswith(self.base) and not address.startswith(("//", "/\\"))
        plain = "\\" not in address and not any(ord(c) < 33 for c in address)
        return address if inside and plain else self.base
