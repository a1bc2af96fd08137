"""What a brief opens is told to its author before a word leaves; and whose it may be."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from cascade_tools.errors import NotFound
from cascade_tools.model.brief import GETTING_READY
from cascade_tools.model.entry import Outline
from cascade_tools.model.people import Held
from cascade_tools.model.prompts import Kind, Prompt
from tests.records.small import Small
from tests.records.test_sharing import refuse_openings

WANT = Prompt("want", Kind.LONG, "What do I want from this supervision?")
BACK = Prompt("want-from-supervision", Kind.LONG, "What do you want from supervision?")
ALL = Outline((("all", "All of it", ("want", "want-from-supervision")),))


def ready(small: Small, words: str) -> str:
    """Amina's new *Getting ready*, shared with Sue."""
    entry = small.records.entries.start(small.id("amina"), GETTING_READY, again=True)
    small.write(entry, words, WANT)
    return small.share(entry, outline=ALL, days=300)


def look_back(small: Small, words: str) -> str:
    entry = small.entry()
    small.write(entry, words, BACK)
    return small.share(entry, outline=ALL, days=300)


def met(small: Small) -> None:
    """Sue and Amina have just met."""
    today = small.clock.at.date()
    meeting = small.records.people.start_supervision(small.id("sue"), [small.id("amina")], today)
    small.records.people.record_supervision(meeting, state=Held.HELD, on=today)


def words(small: Small, who: str = "sue") -> list[str]:
    made = small.records.briefs.of(small.people[who], small.id("amina"))
    return [one.words for one in made.brings]


def told(small: Small) -> list[tuple[str, str]]:
    return [(o.reader, o.way) for o in small.records.read_log.of(small.id("amina"))]


def test_every_copy_that_is_opened_is_told(small: Small) -> None:
    """Each copy a brief opens is a line in its author's log; old copies that it does not need stay
    closed, and nobody is told of them."""
    look_back(small, "before")
    small.clock.later(days=3)
    met(small)
    small.clock.later(days=3)
    ready(small, "after")
    assert words(small) == ["after"]
    assert told(small) == [("sue Field", "brief")]


def test_without_a_line_in_the_log_there_is_no_brief(small: Small) -> None:
    """If the line cannot be written, no word is returned."""
    ready(small, "in confidence")
    refuse_openings(small.records)
    with pytest.raises(DatabaseError):
        words(small)
    assert told(small) == []


def test_only_the_supervisor_of_now_gets_one(small: Small) -> None:
    """For anybody but the coach's supervisor there is no brief, whatever they were once; a new
    supervisor sees nothing that was shared with the one before."""
    ready(small, "for Sue")
    for who in ("tom", "amina", "leo", "pat", "beth"):
        with pytest.raises(NotFound):
            words(small, who)
    small.clock.later(days=1)
    small.records.people.supervise(small.id("tom"), small.id("amina"))
    assert words(small, "tom") == []
    with pytest.raises(NotFound):
        words(small, "sue")
    assert told(small) == []


def test_stopped_and_ended_shares_are_not_in_it(small: Small) -> None:
    """What is stopped, or over by its day, is gone from the next brief."""
    first, _ = ready(small, "stopped"), ready(small, "going on")
    assert set(words(small)) == {"stopped", "going on"}
    amina = small.id("amina")
    (share,) = [s for s in small.records.sharing.of(amina) if s.snapshot_id == first]
    small.records.sharing.stop(amina, share.id)
    assert words(small) == ["going on"]
    small.clock.at += timedelta(days=301)
    assert words(small) == []


def test_a_share_that_stops_meanwhile_is_not_opened(small: Small) -> None:
    """Whether a copy may be read is asked again in the very act of opening it: what was stopped
    since it was listed stays closed, and nobody is told of it."""
    snapshot, sue = ready(small, "stopped meanwhile"), small.people["sue"]
    (share,) = small.records.sharing.of(small.id("amina"))
    assert [a.words for a in small.records.briefs._opened(sue, [snapshot], small.clock())] == [
        "stopped meanwhile"
    ]
    small.records.sharing.stop(small.id("amina"), share.id)
    before = told(small)
    assert small.records.briefs._opened(sue, [snapshot], small.clock()) == []
    assert told(small) == before


def test_each_brief_is_of_one_coach(small: Small) -> None:
    """What another coach of the same supervisor shares is in that coach's brief alone."""
    small.records.people.supervise(small.id("sue"), small.id("beth"))
    small.clock.later(days=1)
    entry = small.records.entries.start(small.id("beth"), GETTING_READY)
    small.write(entry, "the other's", WANT)
    small.share(entry, outline=ALL)
    ready(small, "her own")
    assert words(small) == ["her own"]
    beths = small.records.briefs.of(small.people["sue"], small.id("beth"))
    assert [one.words for one in beths.brings] == ["the other's"]
