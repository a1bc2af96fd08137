"""What was tried from one place, counted under a keyed hash and forgotten within the hour.

A place is an IPv4 address, or the /64 of an IPv6 one: whoever has one of its addresses has all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cascade_tools.errors import WrongPassphrase
from cascade_tools.records.tables import AttemptRow
from cascade_tools.records.vault import Vault

KEPT = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within so many minutes, of what is counted under ``who`` (a keyed hash)."""

    who: str
    most: int
    minutes: int


def place(client: str) -> str:
    """The place an address belongs to; what is no address is a place of its own."""
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Network((int(address) >> 64 << 64, 64)))
    return str(getattr(address, "ipv4_mapped", None) or address)


def counted(vault: Vault, what: str, whom: str) -> str:
    """What tries of this kind are counted under; it gives nobody away."""
    return vault.keyed_hash(f"{what}|{whom}".encode())


def check(s: Session, limits: Iterable[Limit], now: datetime) -> None:
    """Raises ``WrongPassphrase`` when any of these has been reached."""
    for limit in limits:
        if count(s, limit.who, now - timedelta(minutes=limit.minutes)) >= limit.most:
            raise WrongPassphrase(
                f"Too many tries. Wait {limit.minutes} minutes, or ask for a new link."
            )


def count(s: Session, who: str, since: datetime) -> int:
    """How often since then."""
    found = select(func.count()).where(AttemptRow.who == who, AttemptRow.at > since)
    return s.scalar(found) or 0


def note(s: Session, who: str, now: datetime) -> None:
    """Once more; whatever is older than an hour goes, whoever it was."""
    s.execute(delete(AttemptRow).where(AttemptRow.at <= now - KEPT))
    s.add(AttemptRow(who=who, at=now))
