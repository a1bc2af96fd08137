"""How much a server has to do: counts alone, and what to do where one is at its limit."""

from dataclasses import dataclass
from datetime import datetime

ACTIVE_MINUTES = 5
LITTLE_MEMORY = 0.1
LITTLE_DISK_MEGABYTES = 200
SLOW_MS = 1000


@dataclass(frozen=True, slots=True)
class Load:
    """One moment of one server.  No name, no id and no address: nobody can be found in it.

    ``writable``: whether the records can be written.  ``signed_in`` and ``active`` (somebody did
    something within ``ACTIVE_MINUTES``) are people, None where the records cannot be read.
    ``kernels`` are open pages with pictures, ``kernels_most`` how many there may be at once;
    ``drawing`` pictures are being made, and ``drawing_waits`` wait for their turn.  ``saves`` and
    ``refused`` are of the last minute; ``p95_ms`` is the time within which 95 of 100 of those saves
    were answered, None where there were none; ``saves_wait`` came and are not answered yet.
    Memory is in megabytes: what the server takes, what its kernels take, what there is in all (in
    a container, what it may have) and what is left of it.
    """

    version: str
    since: datetime
    writable: bool
    signed_in: int | None
    active: int | None
    kernels: int
    kernels_most: int
    drawing: int
    drawing_waits: int
    saves: int
    p95_ms: float | None
    refused: int
    saves_wait: int
    server_megabytes: int
    kernels_megabytes: int
    memory_megabytes: int
    memory_left: int


def troubles(load: Load) -> list[str]:
    """What is at its limit, each with what helps."""
    found = []
    if not load.writable:
        found.append(
            "The records cannot be written. Pages keep what people type and try again. Look for "
            "room on the disk, and at who owns the files: the account that serves must."
        )
    if load.refused:
        found.append(
            f"{load.refused} saves were turned away in the last minute, and are tried again. "
            + (
                "Too many came at once, or something else holds cascade.db."
                if load.writable
                else "They wait until the records can be written."
            )
        )
    if load.p95_ms is not None and load.p95_ms > SLOW_MS:
        found.append(
            f"Saving is slow: it takes up to {load.p95_ms / 1000:.1f} seconds. Stop what else "
            "runs on this computer, and put the folder on its fastest disk."
        )
    if load.kernels >= load.kernels_most:
        found.append(
            f"{load.kernels} pages with pictures are open, and there may be no more. Others can "
            "write, and get their pictures later. If there is memory left, write a higher "
            "kernels_at_most into programme.toml, then start the server again."
        )
    if load.memory_left < LITTLE_MEMORY * load.memory_megabytes:
        found.append(
            f"Only {load.memory_left} MB of memory are left. Write a lower "
            "kernels_at_most or kernel_grace_seconds into programme.toml, then start the server "
            "again."
        )
    return found
