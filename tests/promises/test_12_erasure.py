"""12. What you erase is gone: the words, every copy of them, and what files still hold of them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cascade_tools.errors import NotPossible
from cascade_tools.programme import backup
from cascade_tools.records.tables import AnswerRow, ShareRow, SnapshotRow
from cascade_tools.records.trust_tables import OwnNamesRow
from tests.faults.nursery import QuickHouse
from tests.faults.pages import fresh_entry, put
from tests.living import PASSPHRASE
from tests.records.small import ACTIONS, NEXT, TOGETHER, Small
from tests.server.visitor import Visitor


def sealed_of(house: QuickHouse, entry: str) -> list[bytes]:
    """What was sealed of an entry: every version, every copy and what it was shared for."""
    copies = select(SnapshotRow.id).where(SnapshotRow.entry_id == entry)
    with house.records() as records, records.store.database.reading() as s:
        return [
            *s.scalars(select(AnswerRow.sealed).where(AnswerRow.entry_id == entry)),
            *s.scalars(select(SnapshotRow.sealed).where(SnapshotRow.entry_id == entry)),
            *s.scalars(select(ShareRow.sealed).where(ShareRow.snapshot_id.in_(copies))),
        ]


def holders(house: QuickHouse, pieces: list[bytes]) -> set[str]:
    """The files in which one of these stands: the programme's, but for backups, temporary ones
    and the server's log."""
    places = [house.folder.path, *Path("/tmp").glob("cascade_*")]
    files = [p for place in places for p in place.rglob("*") if p.is_file()] + [house.log]
    found = set()
    for path in files:
        # Temporary files of other servers on this computer come and go meanwhile.
        with suppress(FileNotFoundError):
            content = b"" if path.is_relative_to(house.folder.backups) else path.read_bytes()
            if any(piece in content for piece in pieces):
                found.add(path.name)
    return found


def test_an_erased_sheet_is_in_no_file_but_the_backup(
    house: QuickHouse, amina: Visitor, sue: Visitor
) -> None:
    """Of a sheet that was corrected, shared, opened, answered and drawn, nothing is left in the
    database, the log beside it, temporary files or the server's log, sealed or in clear, while the
    server is running.  The page said before when backups forget it, and its author still sees
    that it was there, and who opened it."""
    entry = fresh_entry(house, what_happened="zebrafinch first")
    put(house, entry, "amina", what_happened="zebrafinch second")
    snapshot = amina.share(entry, "what-happened")
    assert sue.get(f"shared/{snapshot}").status == 200
    review = sue.post(f"shared/{snapshot}/review").location.rsplit("/", 1)[1]
    assert (
        amina.post(f"entries/{entry}/pictures", **{"X-Cascade-Person": amina.person}).status == 200
    )
    backup(house.folder.path)
    pieces = [*sealed_of(house, entry), b"zebrafinch"]
    assert len(pieces) == 5
    assert holders(house, pieces[:-1]), "the scan sees nothing"
    page = amina.get(f"entries/{entry}/erase").text
    assert "Sue Superfield could read it" in page
    gone = datetime.now(UTC).date() + timedelta(days=35)
    assert f"{gone.day} {gone:%B %Y}" in page
    assert amina.post(f"entries/{entry}/erase").status == 302
    assert holders(house, pieces) == set()
    assert amina.get(f"entries/{entry}").status == 404
    assert sue.get(f"shared/{snapshot}").status == 404
    assert sue.get(f"entries/{review}").status == 404
    data = amina.get("me/data/json").json
    assert [(x["thing"], x["why"], x["readers"]) for x in data["erased"]] == [
        ("entry", "author", ["Sue Superfield"])
    ]
    lines = data["opened_by_others"]
    assert [(x["reader"], x["title"], x["erased_since"]) for x in lines] == [
        ("Sue Superfield", "After I coach", True)
    ]
    (stone,) = sue.get("me/data/json").json["erased"]
    assert (stone["thing"], stone["why"]) == ("review", "about")
    assert "Sue Superfield could read it." in amina.get("me/data").text
    for visitor, path in ((amina, ""), (amina, "me"), (sue, ""), (sue, "me")):
        assert visitor.get(path).status == 200


def test_what_a_page_has_shown_cannot_be_saved_again(house: QuickHouse, amina: Visitor) -> None:
    """A page that was open while its sheet was erased elsewhere finds nothing there."""
    entry = fresh_entry(house, what_happened="once")
    asked = amina.asked(entry, "what-happened")
    amina.post(f"entries/{entry}/erase")
    assert amina.save(entry, "what-happened", "again", asked=asked).status == 404


def test_only_its_author_erases_and_not_by_a_link(
    house: QuickHouse, amina: Visitor, beth: Visitor, sue: Visitor
) -> None:
    """Nobody else's press erases anything, whoever may read it, and looking erases nothing."""
    entry = fresh_entry(house, what_happened="stays")
    amina.share(entry, "what-happened")
    for other in (beth, sue):
        assert other.get(f"entries/{entry}/erase").status == 404
        assert other.post(f"entries/{entry}/erase").status == 404
    assert amina.get(f"entries/{entry}/erase").status == 200
    assert "stays" in amina.get(f"entries/{entry}/check").text


@pytest.mark.parametrize("what", ["both", "meeting", "agreement"])
def test_what_belongs_to_two_is_not_one_persons_to_erase(small: Small, what: str) -> None:
    """What a pair keeps together, the record of a meeting, and what both agreed stay, and the
    sentence says so; there is a day until when."""
    author = "sue" if what == "meeting" else "amina"
    if what == "both":
        entry = small.both()
        small.write(entry, "ours", TOGETHER)
    elif what == "meeting":
        entry = small.meeting()
        small.write(entry, "ours", NEXT)
        small.records.entries.commit(small.id("sue"), entry.id)
        small.records.people.record_supervision(str(entry.about_id), state="held")
    else:
        small.records.agreements.accept(small.id("leo"), small.propose("amina", "x"))
        entry = small.records.entries.of(small.id("amina"))[0]
    erasing = small.records.erasing
    goes = erasing.goes(small.id(author), entry.id)
    assert goes.kept.endswith("so neither of you can erase it alone.")
    assert goes.until is not None
    with pytest.raises(NotPossible, match="neither of you"):
        erasing.entry(small.id(author), entry.id)
    assert small.read(entry)


def test_what_the_law_wants_kept_is_kept_and_said(small: Small) -> None:
    """A hold refuses to erase one sheet and everything, says why and when it is looked at again,
    and keeps what the held person wrote about something that its author erases."""
    entry, snapshot = small.shared()
    review = small.records.entries.start(small.id("sue"), "supervisor/review", about_id=snapshot)
    small.write(review, "kept")
    day = small.clock.at.date() + timedelta(days=90)
    holds, erasing = small.records.holds, small.records.erasing
    for who in ("amina", "sue"):
        holds.add(small.id(who), "a court asked for it", "Pat Field", day)
    said = f"kept because a court asked for it. It is looked at again on {day.day} {day:%B %Y}."
    assert said in erasing.goes(small.id("amina"), entry.id).kept
    with pytest.raises(NotPossible, match="a court asked for it"):
        erasing.entry(small.id("amina"), entry.id)
    with pytest.raises(NotPossible, match="a court asked for it"):
        erasing.everything(small.id("amina"))
    assert erasing.may_go(small.id("amina")) == set()
    holds.end(small.id("amina"))
    erasing.entry(small.id("amina"), entry.id)
    assert small.read(review) == {"what-happened": "kept"}


def test_a_sheet_somebody_asked_a_copy_of_waits_for_the_answer(small: Small) -> None:
    """What has been asked for is answered first: erasing is no way around it."""
    entry = small.entry()
    small.write(entry, "about Leo")
    request = small.records.requests.ask(small.id("leo"), "copy")
    small.records.others_words.ask(small.id("pat"), request, small.id("amina"))
    with pytest.raises(NotPossible, match="Somebody has asked for a copy of this"):
        small.records.erasing.entry(small.id("amina"), entry.id)


def test_everything_goes_but_what_is_not_mine_alone(
    house: QuickHouse, amina: Visitor, sue: Visitor
) -> None:
    """It takes the passphrase.  Then the person's words, name and phone number are in no file, the
    account is gone, and what others keep stays with them, without the name."""
    leo = Visitor(house, "leo")
    entry = fresh_entry(house, what_happened="of Amina alone")
    with house.records() as records:
        both = records.entries.start(amina.person, ACTIONS, pair_id=house.pair, together="shared")
        records.entries.save(
            amina.person, both.id, TOGETHER, "of both", base=0, writer="w", counter=1
        )
        records.own_names.save(amina.person, ["Robin Namefield"])
    pieces = sealed_of(house, entry)
    person = [b"Amina Coachfield", b"amina coachfield", b"01632 960101"]
    assert holders(house, person)
    amina_id = amina.person
    page = amina.get("me/data/erase").text
    assert "1 sheet that you keep with somebody else" in page
    wrong = amina.post("me/data/erase", {"passphrase": "somebody else passing by"})
    assert wrong.status == 400
    assert amina.get(f"entries/{entry}").status == 200
    done = amina.post("me/data/erase", {"passphrase": PASSPHRASE})
    assert done.status == 200
    assert "Everything of yours is erased" in done.text
    assert holders(house, [*pieces, *person, b"Robin Namefield"]) == set()
    assert "sign-in" in amina.get("me").location
    assert amina.sign_in("Amina Coachfield").status == 401
    assert leo.get(f"entries/{both.id}").status == 200
    with house.records() as records:
        ours = records.entries.answers(leo.person, both.id)
    assert [(one.value, one.by_id) for one in ours.values()] == [("of both", amina_id)]
    for visitor, path in (
        *((leo, path) for path in ("", "me", "me/data", "me/data/page", f"pairs/{house.pair}")),
        *((sue, path) for path in ("", "me", "workbooks/supervisor/my-overview")),
    ):
        reply = visitor.get(path)
        assert reply.status == 200, path
        assert "Amina" not in reply.text, path
    assert "Somebody who has left" in leo.get(f"pairs/{house.pair}").text


def test_the_only_lead_hands_over_first(small: Small) -> None:
    """A programme is never left without anybody who leads it."""
    with pytest.raises(NotPossible, match="Hand it over"):
        small.records.erasing.everything(small.id("pat"))


def test_earlier_versions_and_a_list_of_names_go_as_thoroughly(
    house: QuickHouse, beth: Visitor
) -> None:
    """Forgetting earlier versions, or emptying one's list of names, leaves nothing of them in any
    file of a running programme either."""
    entry = fresh_entry(house, "beth", what_happened="first")
    (first,) = sealed_of(house, entry)
    put(house, entry, "beth", what_happened="second")
    beth.post("me/names", {"names": "Robin Namefield"})
    with house.records() as records, records.store.database.reading() as s:
        names = s.scalars(select(OwnNamesRow.sealed)).one()
    for piece in (first, names):
        assert holders(house, [piece])
    assert beth.post(f"entries/{entry}/forget-earlier").status == 302
    assert holders(house, [first]) == set()
    assert beth.post("me/names", {"names": ""}).status == 302
    assert holders(house, [names]) == set()
    assert "second" in beth.get(f"entries/{entry}/check").text
