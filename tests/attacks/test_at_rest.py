"""Where words must never lie in clear: files, logs, environments, addresses, titles."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.nursery import QuickHouse
from tests.faults.pages import (
    fresh_entry,
    kernel_of,
    share,
)
from tests.faults.visitor import Visitor

# What a kernel may know of the server's environment, and what tells it where to ask.
TOLD = {
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "SYSTEMROOT", "TEMP"),
    *("CASCADE_TICKET", "CASCADE_RECORDS", "CASCADE_BASE_URL", "VOILA_PREHEAT"),
    # Jupyter's own: the parent to follow into the grave, and the name of the session.
    *("JPY_PARENT_PID", "JPY_SESSION_NAME", "PYDEVD_USE_FRAME_EVAL", "PYDEVD_USE_SYS_MONITORING"),
}


def marker() -> str:
    """A word that nobody ever wrote before."""
    return f"marker-{secrets.token_hex(12)}"


@pytest.fixture
def secret_house(build: Callable[..., QuickHouse]) -> Iterator[tuple[QuickHouse, str]]:
    """A house whose operator has a secret in the environment."""
    house = build()
    secret = marker()
    house.env = {"CASCADE_DATABASE_PASSWORD": secret, "AWS_SECRET_ACCESS_KEY": secret}
    house.start()
    yield house, secret


def environment(pid: int) -> dict[str, str]:
    """What a process was told when it started."""
    raw = Path(f"/proc/{pid}/environ").read_bytes().decode("utf-8", "replace")
    return dict(line.split("=", 1) for line in raw.split("\0") if "=" in line)


def test_a_kernel_is_told_a_short_list_of_names_and_no_secret(
    secret_house: tuple[QuickHouse, str],
) -> None:
    """The server's environment holds secrets; a kernel's holds its ticket and a list of harmless
    names, and neither the database, nor the key, nor who it works for."""
    house, secret = secret_house
    amina, entry = Visitor(house, "amina"), fresh_entry(house)
    kernel_of(amina, entry)
    pids = house.kernels()
    assert pids
    for pid in pids:
        told = environment(pid)
        assert set(told) <= TOLD, set(told) - TOLD
        whole = repr(told) + repr(psutil.Process(pid).cmdline())
        for word in (secret, str(house.folder.path), "secret.key", "cascade.db", "Amina"):
            assert word not in whole
        assert house.people["amina"].id not in whole
        files = [Path(f.path) for f in psutil.Process(pid).open_files()]
        assert not [f for f in files if f.is_relative_to(house.folder.path)]


def holders(folder: Path, word: bytes) -> list[str]:
    """The files below a folder in which this word stands in clear."""
    return [str(p) for p in folder.rglob("*") if p.is_file() and word in p.read_bytes()]


def test_what_a_share_is_for_lies_nowhere_in_clear(own_house: QuickHouse) -> None:
    """The author's own words beside a share are sealed, too."""
    word = marker()
    own_house.start()
    entry, amina = fresh_entry(own_house, what_happened="It rained."), Visitor(own_house, "amina")
    share(amina, entry, "what-happened", purpose=f"To talk about {word}")
    with own_house.records() as records:
        shared = records.sharing.of(own_house.people["amina"].id)[0]
    assert word in Visitor(own_house, "sue").get(f"/shared/{shared.snapshot_id}").body
    own_house.stop()
    assert holders(own_house.folder.path, word.encode()) == []


def test_passphrases_are_kept_as_argon2id_and_cookies_as_hashes(house: QuickHouse) -> None:
    """Neither a passphrase nor a cookie can be had from the database: only argon2id hashes of the
    one and hashes of the other."""
    cookie = Visitor(house, "amina").cookies["cascade"]
    with sqlite3.connect(house.folder.database) as db:
        stored = [row[0] for row in db.execute("select passphrase from person")]
        tokens = [row[0] for row in db.execute("select token_hash from sign_in")]
    db.close()
    assert stored
    for one in stored:
        assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(set(stored)) == len(stored)
    assert cookie not in tokens
    assert all(len(token) == 64 for token in tokens)
    assert holders(house.folder.path, cookie.encode()) == []


def test_only_the_operators_account_can_open_the_programme(house: QuickHouse) -> None:
    """The folder and the key shut everybody else of this computer out."""
    assert house.folder.path.stat().st_mode & 0o077 == 0
    assert house.folder.key.stat().st_mode & 0o077 == 0
