"""The operator's door: making, opening, checking and copying a programme, and reading as one."""

import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import cascade_tools
from cascade_tools import programme
from cascade_tools.errors import NotFound, NotPossible, SettingsFault, WrongPassphrase
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Role
from cascade_tools.model.prompts import Kind, Prompt, Who
from cascade_tools.programme import listening
from cascade_tools.settings import Settings, read_settings, settings_text
from tests.browser import steps
from tests.living import PASSPHRASE, House, contacts

ANYWHERE = "0.0.0.0"  # noqa: S104 - what must be refused
MARKER = "Quetzalcoatl-in-the-kitchen"
PROMPT = Prompt("what-happened", Kind.LONG, "What happened?", who=Who.MINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new programme with nobody in it."""
    return programme.init(tmp_path / "ours", programme_name="Ours").path


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A new programme that says who answers for the data and whom to ring."""
    stated = {"controller": "Ours Trust", "programme_phone": "01632 960100"}
    return programme.init(tmp_path / "told", programme_name="Ours", **stated).path


def written(house: House, who: str = "amina", text: str = MARKER) -> str:
    """This person has written something; the entry's id."""
    with house.records() as records:
        person = house.people[who]
        pair = house.beths_pair if who == "beth" else house.pair
        entry = records.entries.start(person.id, "coach/after-i-coach", pair_id=pair)
        records.entries.save(person.id, entry.id, PROMPT, text, base=0, writer="w", counter=1)
        return entry.id


def shared_with_sue(house: House, entry_id: str) -> str:
    """Amina shares it with her supervisor; the copy's id."""
    amina = house.people["amina"].id
    with house.records() as records:
        reader = records.sharing.readers(amina, entry_id, ("supervisor",))[0]
        outline = Outline((("page", "What happened", ("what-happened",)),))
        document = records.sharing.compose(amina, entry_id, outline)
        ends_at = datetime.now(UTC) + timedelta(days=9)
        return records.sharing.share(amina, entry_id, document, reader, purpose="", ends_at=ends_at)


# Making one


def test_a_new_programme_has_settings_a_key_and_records(folder: Path) -> None:
    """Nobody but its owner can look in, and its settings say what is still missing."""
    assert folder.stat().st_mode & 0o077 == 0
    for name in ("programme.toml", "secret.key", "cascade.db"):
        assert (folder / name).stat().st_mode & 0o077 == 0, name
    settings = read_settings(folder / "programme.toml")
    assert settings.programme_name == "Ours"
    assert "controller" in settings.placeholders()
    assert programme.list_people(folder) == []


def test_a_programme_is_never_made_again(folder: Path) -> None:
    """The key and the settings stay as they are, and the sentence says what to run."""
    before = (folder / "secret.key").read_bytes()
    with pytest.raises(SettingsFault, match=r"already.*cascade serve"):
        programme.init(folder)
    assert (folder / "secret.key").read_bytes() == before


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    """Nothing is mixed into somebody's documents."""
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(SettingsFault, match="not empty"):
        programme.init(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_an_impossible_setting_leaves_nothing_behind(tmp_path: Path) -> None:
    """A wrong name is named; a wrong value too; there is no half-made programme."""
    with pytest.raises(SettingsFault, match="programme_name"):
        programme.init(tmp_path / "one", programme_nam="Ours")
    with pytest.raises(SettingsFault, match="time zone"):
        programme.init(tmp_path / "two", time_zone="Larkshire")
    assert list(tmp_path.iterdir()) == []


def test_a_lost_database_is_never_quietly_replaced(folder: Path) -> None:
    """An empty one in its place would look as if nobody had written anything."""
    (folder / "cascade.db").unlink()
    with pytest.raises(SettingsFault, match=r"cascade\.db is missing.*backups"):
        programme.list_people(folder)
    assert not (folder / "cascade.db").exists()


# People


def test_people_are_added_paired_held_and_removed(folder: Path) -> None:
    """Each by the name they sign in with."""
    programme.add_person(folder, "Sue Superfield", ["supervisor"], "01632 960104")
    programme.add_person(folder, "Amina Coachfield", ["coach", "leader"])
    programme.supervise(folder, "sue superfield", "AMINA  Coachfield")
    programme.pair(folder, "Amina Coachfield", None, "the youth project")
    with programme.records_of(folder) as records:
        amina = records.people.get("Amina Coachfield")
        assert amina.roles == {Role.COACH, Role.LEADER}
        supervisor = records.people.supervisor_of(amina.id)
        assert supervisor is not None
        assert supervisor.name == "Sue Superfield"
        assert [p.label for p in records.people.pairs_of(amina.id)] == ["the youth project"]
    programme.remove_person(folder, "Sue Superfield")
    assert [p.name for p in programme.list_people(folder)] == ["Amina Coachfield"]
    with pytest.raises(NotFound, match="cascade people list"):
        programme.remove_person(folder, "Sue Superfield")


def test_a_role_that_does_not_exist_is_named_with_those_that_do(folder: Path) -> None:
    """And nobody is added."""
    with pytest.raises(NotPossible, match="leader, coach"):
        programme.add_person(folder, "Amina Coachfield", ["coch"])
    assert programme.list_people(folder) == []


# Slips and links


def test_everybody_without_a_passphrase_gets_one_slip(told: Path, tmp_path: Path) -> None:
    """Address, drawing, code and three lines on what is kept, in a file for the owner alone."""
    for name in ("Amina Coachfield", "Leo <b>Leaderfield</b>"):
        programme.add_person(told, name, ["leader"])
    slips = programme.invite(told, "https://kit.example/x", by="Wren Testfield")
    path = programme.write_slips(told, slips, tmp_path / "slips.html")
    page = path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert page.count('class="slip"') == page.count("<svg") == 2
    assert page.count("<li>") == 2 * 3
    assert "https://kit.example/x/invitation" in page
    assert all(slip.code in page and slip.person.name for slip in slips)
    assert "Leo &lt;b&gt;Leaderfield&lt;/b&gt;" in page
    assert page.count("Ours Trust") == page.count("01632 960100") == 2
    # A printed page asks nobody for anything.
    assert not re.search(r"<script|<img|<link|@import|url\(|style=|src=", page)
    with programme.records_of(told) as records:
        link = records.signing_in.invitation(slips[0].code)
        assert (link.person.name, link.made_by) == ("Amina Coachfield", "Wren Testfield")
        records.signing_in.accept(slips[0].code, PASSPHRASE)
    assert [p.name for p in programme.waiting(told)] == ["Leo <b>Leaderfield</b>"]


def test_the_code_stands_where_no_server_logs_it(told: Path) -> None:
    """Behind the #, which browsers keep to themselves."""
    programme.add_person(told, "Amina Coachfield", ["coach"])
    slip = programme.link(told, "Amina Coachfield", "https://kit.example/")
    assert slip.whole == f"https://kit.example/invitation#{slip.code}"


def test_slips_are_never_written_over_something(told: Path, tmp_path: Path) -> None:
    """Whatever stands there stays, and no half-written file lies beside it."""
    (tmp_path / "kept.html").write_text("mine")
    with pytest.raises(SettingsFault, match="there already"):
        programme.write_slips(told, [], tmp_path / "kept.html")
    assert (tmp_path / "kept.html").read_text() == "mine"
    assert not list(tmp_path.glob(".kept*"))


def test_slips_that_could_not_say_whom_to_ring_are_not_made(folder: Path) -> None:
    """The settings are named, and so is the address when it is left out."""
    programme.add_person(folder, "Amina Coachfield", ["coach"])
    with pytest.raises(SettingsFault, match="controller, programme_phone"):
        programme.invite(folder, "https://kit.example")
    with pytest.raises(SettingsFault, match="--address"):
        programme.invite(folder, "")


@pytest.mark.parametrize("address", ["kit.example", "ftp://kit.example", "https://kit.example/?a"])
def test_an_address_people_cannot_type_is_refused_before_codes_are_made(
    told: Path, address: str
) -> None:
    """Old slips still work."""
    programme.add_person(told, "Amina Coachfield", ["coach"])
    slip = programme.link(told, "Amina Coachfield")
    with pytest.raises(SettingsFault, match="https://"):
        programme.invite(told, address)
    with programme.records_of(told) as records:
        assert records.signing_in.invitation(slip.code).person.name == "Amina Coachfield"


def test_a_new_link_ends_sessions_and_the_person_is_told_who_made_it(house: House) -> None:
    """A forgotten passphrase: the old browser is signed out, and the link says who and when."""
    amina = house.people["amina"]
    with house.records() as records:
        records.signing_in.sign_in(amina.id)
    slip = programme.link(house.folder.path, amina.name)
    assert slip.renews
    with house.records() as records:
        assert records.signing_in.sign_ins(amina.id) == []
        records.signing_in.accept(slip.code, "another passphrase entirely")
        (told,) = records.signing_in.renewals(amina.id)
        assert told.made_by == "Wren Testfield, Testfield Trust"


# Checking


def test_a_whole_programme_has_nothing_to_put_right(house: House) -> None:
    """With contacts checked lately."""
    toml = house.folder.toml
    today = datetime.now(UTC).date().isoformat()
    toml.write_text(toml.read_text().replace('checked_on = ""', f'checked_on = "{today}"'))
    programme.shut(house.folder)
    assert programme.check(house.folder.path) == []


def test_check_names_what_is_missing_and_who_could_look_in(folder: Path) -> None:
    """Each setting still to be filled in, old contacts, and files others can read."""
    folder.chmod(0o755)
    (folder / "secret.key").chmod(0o644)
    local = folder / "local" / "workbooks" / "coach"
    local.mkdir(parents=True)
    (local / "mine.ipynb").write_text("{}")
    said = "\n".join(str(f) for f in programme.check(folder))
    for part in ("controller", "not_right.data", "checked_on", "chmod 700", "chmod 600", "mine"):
        assert part in said, part


def test_contacts_nobody_has_rung_for_three_months_are_named(house: House) -> None:
    """A number that no longer answers is worse than none."""
    toml = house.folder.toml
    toml.write_text(toml.read_text().replace('checked_on = ""', 'checked_on = "2020-01-31"'))
    programme.shut(house.folder)
    (fault,) = programme.check(house.folder.path)
    assert "last checked on 2020-01-31" in fault.sentence


# Reading as one person


def test_a_desk_needs_that_persons_passphrase(house: House) -> None:
    """Another person's does not do; the right one gives what they may read."""
    written(house)
    path = house.folder.path
    with pytest.raises(WrongPassphrase):
        cascade_tools.open_programme(path, as_="Amina Coachfield", passphrase="not this one at all")
    desk = cascade_tools.open_programme(path, as_="Amina Coachfield", passphrase=PASSPHRASE)
    assert [a.value for a in desk.answers()] == [MARKER]
    other = cascade_tools.open_programme(path, as_="Tom Superfield", passphrase=PASSPHRASE)
    assert list(other.answers()) == []


def test_a_desk_asks_for_the_code_as_the_pages_do(house: House) -> None:
    """Where somebody has an authenticator app their passphrase alone opens nothing here either,
    and a code on paper opens once."""
    written(house)
    codes = steps.with_app(house, "tom")
    path, tom = house.folder.path, "Tom Superfield"
    with pytest.raises(SettingsFault, match="type the code of Tom Superfield"):
        cascade_tools.open_programme(path, tom, passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        cascade_tools.open_programme(path, tom, passphrase=PASSPHRASE, code="123 123")
    assert (
        list(
            cascade_tools.open_programme(path, tom, passphrase=PASSPHRASE, code=codes[0]).answers()
        )
        == []
    )
    with pytest.raises(WrongPassphrase):
        cascade_tools.open_programme(path, tom, passphrase=PASSPHRASE, code=codes[0])


def test_a_ticket_opens_once_and_only_for_whoever_made_it(house: House) -> None:
    """Used up after one reading, and no way in as somebody else."""
    written(house)
    with house.records() as records:
        ticket = records.signing_in.ticket(house.people["amina"].id, None, None)
        other = records.signing_in.ticket(house.people["beth"].id, None, None)
    desk = cascade_tools.open_programme(house.folder.path, "Amina Coachfield", ticket=ticket)
    assert [a.value for a in desk.answers()] == [MARKER]
    for spent in (ticket, other):
        with pytest.raises(WrongPassphrase):
            cascade_tools.open_programme(house.folder.path, "Amina Coachfield", ticket=spent)


LEADS = ("Pat Leadfield", "Quinn Leadfield")


def test_breaking_the_glass_takes_two_leads_and_a_reason(house: House) -> None:
    """Refused without either, with one lead, the same twice, or somebody who is no lead; and when
    one of the two has not shown who they are."""
    path = house.folder.path
    with house.records() as records:
        tickets = [
            records.signing_in.ticket(house.people[who].id, None, None) for who in ("pat", "beth")
        ]
    fault: type[Exception]
    for fault, words, given in (
        (NotPossible, "reason", {"by": LEADS, "reason": "  \n"}),
        (NotPossible, "two programme leads", {"reason": "A court"}),
        (NotPossible, "two programme leads", {"reason": "A court", "by": LEADS[:1]}),
        (NotPossible, "two programme leads", {"reason": "A court", "by": LEADS[:1] * 2}),
        (NotPossible, "two programme leads", {"reason": "A", "by": ("Sue Superfield", LEADS[0])}),
        (NotPossible, "--legal-reason", {"reason": "A court", "by": LEADS, "legal_reason": "A"}),
        (SettingsFault, "Quinn", {"reason": "A", "by": LEADS, "by_tickets": tickets[:1]}),
        (WrongPassphrase, "neither", {"reason": "A", "by": LEADS, "by_tickets": tickets[1:]}),
    ):
        with pytest.raises(fault, match=words):
            cascade_tools.open_programme(path, "Amina Coachfield", **given)  # type: ignore[arg-type]
    with house.records() as records:
        assert records.read_log.of(house.people["amina"].id) == []


def test_collecting_stands_in_the_authors_log(house: House, tmp_path: Path) -> None:
    """What was shared with a supervisor goes into their files, and the author can see that."""
    entry_id, amina = written(house), house.people["amina"]
    shared_with_sue(house, entry_id)
    files = programme.collect_to(
        house.folder.path, "Sue Superfield", tmp_path / "out", passphrase=PASSPHRASE
    )
    assert {f.name for f in files.files} >= {"answers.csv", "answers.parquet", "dictionary.csv"}
    assert MARKER in (tmp_path / "out" / "answers.csv").read_text("utf-8-sig")
    with house.records() as records:
        (line,) = records.read_log.of(amina.id)
    assert (line.reader, line.way) == ("Sue Superfield", "collect")


def test_where_nobody_can_type_the_fault_says_what_to_give(house: House) -> None:
    """A script waits for nothing."""
    done = subprocess.run(
        [
            *(sys.executable, "-c"),
            "import sys, cascade_tools as c\n"
            "try: c.open_programme(sys.argv[1], as_='Amina Coachfield')\n"
            "except c.errors.SettingsFault as fault: print(fault)",
            str(house.folder.path),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "--ticket" in done.stdout


def test_two_ways_in_at_once_are_refused(house: House) -> None:
    """So that nobody breaks the glass by mistake."""
    with pytest.raises(SettingsFault, match="one of these"):
        cascade_tools.open_programme(
            house.folder.path, "Amina Coachfield", passphrase=PASSPHRASE, reason="both"
        )


# Where it may be served


def settings(tmp_path: Path, **values: Any) -> Settings:
    toml = tmp_path / "programme.toml"
    whole = {
        "programme_name": "Ours",
        "controller": "Ours Trust",
        "computer": "Wren Testfield",
        "programme_phone": "01632 960100",
        **contacts(),
        **values,
    }
    toml.write_text(settings_text(**whole), encoding="utf-8")
    return read_settings(toml)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate and its key, made for this test."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kit.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("pem")
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def test_this_computer_alone_needs_nothing_more(tmp_path: Path) -> None:
    """Even before the settings are filled in."""
    where = listening(settings(tmp_path, controller="CHANGE ME"), port=0)
    assert where.public(8870) == "http://127.0.0.1:8870/"
    assert not where.proxied
    assert where.hosts == ()
    assert listening(settings(tmp_path), host="::1", port=0).public(5) == "http://[::1]:5/"


@pytest.mark.parametrize("host", [ANYWHERE, "::", "192.0.2.7", "kit.example", "127.0.0.1.example"])
def test_beyond_this_computer_words_must_be_private_on_the_way(tmp_path: Path, host: str) -> None:
    """Any other address without https or a stated proxy is refused, with the fix."""
    with pytest.raises(SettingsFault, match=r"https.*--https CERT KEY.*--proxy"):
        listening(settings(tmp_path), host=host, port=0)


def test_a_fictional_programme_never_leaves_this_computer(
    tmp_path: Path, pem: tuple[Path, Path]
) -> None:
    """Not with https, not behind a proxy: anyone in it may be anyone."""
    demo = settings(tmp_path, demo=True)
    for more in ({"host": ANYWHERE, "https": pem}, {"proxy": "https://kit.example"}):
        with pytest.raises(SettingsFault, match="fictional"):
            listening(demo, port=0, **more)  # type: ignore[arg-type]


def test_beyond_this_computer_each_missing_setting_is_named(tmp_path: Path) -> None:
    """People must be able to ring somebody; all four ways on count."""
    half = settings(tmp_path, controller="CHANGE ME", not_right={})
    with pytest.raises(SettingsFault) as fault:
        listening(half, proxy="https://kit.example", port=0)
    for name in ("controller", "not_right.safety", "not_right.people", "not_right.data"):
        assert name in str(fault.value)


def test_https_opens_the_door(tmp_path: Path, pem: tuple[Path, Path]) -> None:
    """The stated name is answered to, and no proxy is believed."""
    where = listening(
        settings(tmp_path),
        host=ANYWHERE,
        port=0,
        https=pem,
        address="https://kit.example:8443/x",
    )
    assert where.tls is not None
    assert where.hosts == ("kit.example", ANYWHERE)
    assert where.public(1) == "https://kit.example:8443/x/"
    assert where.base == "/x/"
    assert not where.proxied


def test_only_a_stated_proxy_is_believed(tmp_path: Path) -> None:
    """Its address is what people type, and its path is where the kit stands."""
    where = listening(settings(tmp_path), proxy="https://kit.example/x/", port=0)
    assert where.proxied
    assert (where.host, where.base, where.hosts) == ("127.0.0.1", "/x/", ("kit.example",))
    assert where.public(1) == "https://kit.example/x/"


@pytest.mark.parametrize(
    "proxy",
    ["http://kit.example", "kit.example", "https://", "https://a:b@kit.example", "https://k:x/"],
)
def test_a_proxy_without_https_is_refused(tmp_path: Path, proxy: str) -> None:
    """And anything else that is not an address to give to people."""
    with pytest.raises(SettingsFault, match="https://"):
        listening(settings(tmp_path), proxy=proxy, port=0)


def test_a_certificate_that_is_none_is_named(tmp_path: Path, pem: tuple[Path, Path]) -> None:
    """Key and certificate the wrong way round, or not there."""
    for pair in ((pem[1], pem[0]), (tmp_path / "no.pem", pem[1])):
        with pytest.raises(SettingsFault, match="certificate and its key"):
            listening(settings(tmp_path), port=0, https=pair)


def test_a_taken_port_is_said_at_once(tmp_path: Path) -> None:
    """With what to add."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsFault, match="--port 0"):
            listening(settings(tmp_path), port=taken.getsockname()[1])


@pytest.mark.parametrize("base", ["/../", "/a//b/", "/a b/", "/x?y/"])
def test_a_base_that_is_no_path_is_refused(tmp_path: Path, base: str) -> None:
    """It would end up in every address."""
    with pytest.raises(SettingsFault, match="cannot be a path"):
        listening(settings(tmp_path), base=base, port=0)
