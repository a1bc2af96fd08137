"""Whether a server keeps up: what it tells anybody, and what it tells whoever looks after it."""

import contextlib
import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cascade_tools.errors import NotNow
from cascade_tools.model.load import Load, troubles
from cascade_tools.programme import status
from cascade_tools.server.load import MOST, Gauge
from tests.faults.nursery import QuickHouse
from tests.faults.pages import eventually, kernel_of
from tests.faults.test_disk import no_room
from tests.faults.visitor import Visitor as Typist
from tests.living import House
from tests.server.visitor import Visitor


def load(house: House) -> Load:
    """What the operator is told now."""
    found = status(house.folder.path).load
    assert found is not None
    return found


# Who is told what


def test_nobody_but_the_operator_sees_a_figure(
    house: House, nobody: Visitor, amina: Visitor
) -> None:
    """A stranger, somebody signed in, a programme lead and whoever guesses a secret learn that the
    server is up, and not how many people are there."""
    plain = {"ready": True}
    assert nobody.get("health").json == plain
    assert amina.get("health").json == plain
    assert Visitor(house, "pat").get("health").json == plain
    for guess in ("Bearer ", "Bearer x", "Bearer é", "Basic x", ""):
        assert nobody.get("health", Authorization=guess.encode().decode("latin-1")).json == plain


def test_the_operator_is_told_in_counts_alone(
    house: House, nobody: Visitor, amina: Visitor
) -> None:
    """Whoever can open the programme's folder gets the figures; no name and no id is in them."""
    door = house.folder.door
    assert stat.S_IMODE(door.stat().st_mode) == 0o600
    secret = json.loads(door.read_text())["secret"]
    reply = nobody.get("health", Authorization=f"Bearer {secret}")
    assert reply.status == 200
    assert reply.json["ready"] is True
    assert reply.json["signed_in"] >= 1
    for word in ("Amina", amina.person, secret):
        assert word not in reply.text
    kinds = {name: type(value) for name, value in reply.json.items()}
    assert {n for n, kind in kinds.items() if kind is str} == {"version", "since"}
    assert set(kinds.values()) <= {str, int, float, bool, type(None)}


# What is told is so


def test_people_are_counted_once_and_while_they_are_signed_in(house: House) -> None:
    """Two browsers of one person are one person; who signs out is not there any more; who did
    nothing for a while is signed in and not active."""
    before = load(house)
    tabs = [Visitor(house, "leo") for _ in range(2)]
    assert tabs[0].get("").status == 200
    now = load(house)
    assert (now.signed_in, now.active) == (_more(before.signed_in), _more(before.active))
    with house.records(now=lambda: datetime.now(UTC) + timedelta(minutes=10)) as later:
        signed_in, active = later.standing.people(timedelta(minutes=5))
    assert (signed_in, active) == (now.signed_in, 0)
    for tab in tabs:
        tab.post("sign-out")
    assert load(house).signed_in == before.signed_in


def _more(count: int | None) -> int:
    assert count is not None
    return count + 1


def test_an_open_page_with_a_picture_counts_while_it_has_its_kernel(house: House) -> None:
    """A kernel is counted, with its memory, from when it starts until it ends."""
    before = load(house)
    amina = Typist(house, "amina")
    kernel = kernel_of(amina, Visitor(house, "amina").start())
    now = load(house)
    assert now.kernels == before.kernels + 1
    assert now.kernels <= now.kernels_most
    assert now.kernels_megabytes > before.kernels_megabytes
    assert now.server_megabytes > 20
    assert 0 < now.memory_left < now.memory_megabytes
    assert amina.ask("DELETE", f"/api/kernels/{kernel}", headers=amina.token).status == 204
    assert load(house).kernels == before.kernels


def test_saves_are_counted_with_their_time(house: House, amina: Visitor) -> None:
    """An answer that was saved counts, by the script or by a posted page; looking does not."""
    entry = amina.start()
    before = load(house)
    amina.get(f"entries/{entry}")
    assert load(house).saves == before.saves
    assert amina.save(entry, "what-happened", "We met").status == 200
    assert amina.post(f"entries/{entry}", {"person": amina.person}).status == 302
    now = load(house)
    assert now.saves == before.saves + 2
    assert now.p95_ms is not None
    assert now.p95_ms > 0
    assert (now.saves_wait, now.refused) == (0, before.refused)


def test_a_disk_that_takes_nothing_is_told_to_anybody(
    house: QuickHouse, nobody: Visitor, amina: Visitor
) -> None:
    """Records that cannot be written: 503 for anybody, though all can be read; the operator is told
    what to do, and how many saves were turned away.  Afterwards all is well by itself."""
    entry = amina.start()
    refused = load(house).refused
    with no_room(house):
        assert amina.save(entry, "what-happened", "A long answer. " * 2000).status == 503
        found = status(house.folder.path)
        assert found.load is not None
        assert (found.load.writable, found.load.refused) == (False, refused + 1)
        assert any("Look for room on the disk" in line for line in found.troubles)
        reply = eventually(lambda: (r := nobody.get("health")).status == 503 and r, 15)
        assert reply.json == {"ready": False}
        assert int(reply.headers["Retry-After"]) > 0
    assert load(house).writable
    eventually(lambda: nobody.get("health").status == 200, 15)


# Where it is asked


def test_a_server_that_has_ended_is_not_there(own_house: QuickHouse) -> None:
    """Stopped, it leaves nothing to ask; killed, it leaves a file that leads nowhere, also when
    the server of another programme has taken its place."""
    own_house.start()
    assert status(own_house.folder.path).load is not None
    own_house.stop()
    assert not own_house.folder.door.exists()
    own_house.start()
    left = json.loads(own_house.folder.door.read_text())
    own_house.kill()
    assert own_house.folder.door.exists()
    found = status(own_house.folder.path)
    assert found.load is None
    assert found.troubles[0].startswith("No server is running here. Run: cascade serve ")
    own_house.start()
    secret = json.loads(own_house.folder.door.read_text())["secret"]
    assert secret != left["secret"]
    own_house.folder.door.write_text(json.dumps(left))
    assert status(own_house.folder.path).load is None


@pytest.fixture
def certificate(tmp_path: Path) -> Iterator[list[str]]:
    """A certificate of another name than the one it is asked by here, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kit.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths = [tmp_path / "cert.pem", tmp_path / "key.pem"]
    for path, content in zip(paths, (made.public_bytes(pem), plain), strict=True):
        path.write_bytes(content)
    yield [str(p) for p in paths]


def test_it_can_be_asked_behind_a_proxy_and_with_a_certificate(
    build: Callable[..., QuickHouse], certificate: list[str]
) -> None:
    """Under a path of its own, behind a proxy with another name, or with a certificate of another
    name, the operator's own computer gets the figures."""
    for options in (
        ["--proxy", "https://kit.example.org/x/"],
        ["--https", *certificate, "--address", "https://kit.example.org/x/"],
    ):
        house = build()
        house.base, house.options = "/x/", options
        house.process = house.launch()  # type: ignore[assignment]
        eventually(house.folder.door.exists, 60)
        assert load(house).kernels == 0
        house.stop()


# Counting


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def saved(gauge: Gauge, clock: Clock, seconds: float) -> None:
    with gauge.saving():
        clock.now += seconds


def test_only_the_last_minute_counts() -> None:
    """What was saved or turned away more than a minute ago is left out."""
    clock = Clock()
    gauge = Gauge(clock)
    assert gauge.saves() == (0, None, 0)
    saved(gauge, clock, 2.0)
    with contextlib.suppress(NotNow), gauge.saving():
        raise NotNow("full")
    assert gauge.saves() == (1, 2000.0, 1)
    clock.now += 59
    saved(gauge, clock, 0.5)
    assert gauge.saves() == (2, 2000.0, 1)
    clock.now += 1
    assert gauge.saves() == (1, 500.0, 0)


def test_a_save_waits_until_it_is_answered() -> None:
    """On their way are the saves that came and were not answered, whatever becomes of them."""
    gauge = Gauge(Clock())
    with gauge.saving():
        assert gauge.on_their_way == 1
        with contextlib.suppress(NotNow), gauge.saving():
            assert gauge.on_their_way == 2
            raise NotNow("full")
        assert gauge.on_their_way == 1
    assert gauge.on_their_way == 0


def test_95_of_100_saves_were_as_fast_as_that() -> None:
    """Five slow ones of a hundred do not count in it, six do."""
    clock = Clock()
    gauge = Gauge(clock)
    for number in range(100):
        saved(gauge, clock, 0.25 if number % 20 == 0 else 0.125)
    assert gauge.saves()[:2] == (100, 125.0)
    saved(gauge, clock, 0.25)
    assert gauge.saves()[:2] == (101, 250.0)


def test_counting_never_fills_the_memory() -> None:
    """However many save, no more than so many are remembered."""
    gauge = Gauge(Clock())
    for _ in range(MOST + 10):
        with gauge.saving():
            pass
    assert gauge.saves()[0] == MOST


WELL = Load(
    version="1",
    since=datetime(2026, 11, 22, tzinfo=UTC),
    writable=True,
    signed_in=60,
    active=58,
    kernels=40,
    kernels_most=60,
    drawing=2,
    drawing_waits=12,
    saves=900,
    p95_ms=15.0,
    refused=0,
    saves_wait=3,
    server_megabytes=200,
    kernels_megabytes=900,
    memory_megabytes=4000,
    memory_left=2000,
)


@pytest.mark.parametrize(
    ("at_limit", "helps"),
    [
        ({"writable": False}, "Look for room on the disk"),
        ({"refused": 3}, "something else holds cascade.db"),
        ({"p95_ms": 1500.0}, "1.5 seconds"),
        ({"kernels": 60}, "a higher kernels_at_most"),
        ({"memory_left": 300}, "a lower kernels_at_most"),
    ],
)
def test_each_limit_is_named_with_what_helps(at_limit: dict[str, object], helps: str) -> None:
    """A busy day is no trouble; each limit that is reached is one sentence with a remedy."""
    assert troubles(WELL) == []
    (said,) = troubles(replace(WELL, **at_limit))  # type: ignore[arg-type]
    assert helps in said
