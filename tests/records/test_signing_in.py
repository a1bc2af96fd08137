"""Who is there: invitations, sessions and tickets, each with an end."""

from functools import partial

import pytest
from sqlalchemy import select

from cascade_tools.errors import NotFound, NotPossible, SignedOut, WrongPassphrase
from cascade_tools.records import Records, attempts
from cascade_tools.records.passphrases import guessable
from cascade_tools.records.signing_in import (
    ABSOLUTE_HOURS,
    ATTEMPT_MINUTES,
    ATTEMPTS,
    PLACE_ATTEMPTS,
)
from cascade_tools.records.tables import AttemptRow, InvitationRow, PersonRow, SignInRow, TicketRow
from tests.records.small import Small

WORDS = "four plain words here"
POOR = (
    *("password1234", "qwertyuiop123", "123456789012", "liverpoolfc2025", "iloveyou1234567"),
    *("aminafield1234", "Amina Field Amina Field", "testfield trust", "cascade20262026"),
)


def welcome(small: Small, who: str = "amina", words: str = WORDS) -> None:
    signing_in = small.records.signing_in
    signing_in.accept(signing_in.invite(small.id(who), "Pat"), words)


class TestInvitations:
    def test_a_link_works_once(self, small: Small) -> None:
        """After a passphrase has been chosen with a link, the link opens nothing."""
        code = small.records.signing_in.invite(small.id("amina"), "Pat")
        assert small.records.signing_in.invitation(code).person.name == "amina Field"
        assert small.records.signing_in.accept(code, WORDS).id == small.id("amina")
        for again in (
            lambda: small.records.signing_in.invitation(code),
            lambda: small.records.signing_in.accept(code, "another passphrase"),
        ):
            with pytest.raises(WrongPassphrase):
                again()
        assert small.records.signing_in.verify("amina Field", WORDS).id == small.id("amina")

    def test_a_link_runs_out(self, small: Small) -> None:
        """A slip found after two weeks opens nothing."""
        code = small.records.signing_in.invite(small.id("amina"), "Pat")
        small.clock.later(days=14)
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.accept(code, WORDS)

    def test_a_new_link_ends_the_old_one(self, small: Small) -> None:
        """Only the newest slip works."""
        old = small.records.signing_in.invite(small.id("amina"), "Pat")
        new = small.records.signing_in.invite(small.id("amina"), "Pat")
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.accept(old, WORDS)
        small.records.signing_in.accept(new, WORDS)

    def test_a_link_of_somebody_who_left_opens_nothing(self, small: Small) -> None:
        """Removing a person ends the link they have not used."""
        code = small.records.signing_in.invite(small.id("amina"), "Pat")
        small.records.people.remove(small.id("amina"))
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.accept(code, WORDS)
        with pytest.raises(NotFound):
            small.records.signing_in.invite(small.id("amina"), "Pat")

    def test_a_made_up_code_opens_nothing(self, small: Small) -> None:
        """A code nobody made is refused like one that was used."""
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.invitation("a-made-up-code")

    def test_a_renewal_ends_every_session_and_ticket(self, small: Small) -> None:
        """When a passphrase is chosen anew, every signed-in browser and every ticket ends."""
        welcome(small)
        signing_in = small.records.signing_in
        tokens = [signing_in.sign_in(small.id("amina")) for _ in range(2)]
        ticket = signing_in.ticket(small.id("amina"), signing_in.who(tokens[0]).id, None)
        beths = signing_in.sign_in(small.id("beth"))
        welcome(small, words="four other plain words")
        for token in tokens:
            with pytest.raises(SignedOut):
                signing_in.who(token)
        with pytest.raises(NotFound):
            signing_in.holder(ticket)
        assert signing_in.who(beths).person.id == small.id("beth")

    def test_a_person_is_told_of_a_renewal(self, small: Small) -> None:
        """Whoever has a passphrase learns who made them a new link and when it was made; a first
        link is no renewal."""
        welcome(small)
        assert small.records.signing_in.renewals(small.id("amina")) == []
        made = small.clock.later(days=3)
        code = small.records.signing_in.invite(small.id("amina"), "Pat Leadfield")
        assert small.records.signing_in.renewals(small.id("amina")) == []
        small.clock.later(hours=1)
        small.records.signing_in.accept(code, "four other plain words")
        told = small.records.signing_in.renewals(small.id("amina"))
        assert [(r.made_by, r.made_at, r.renews) for r in told] == [("Pat Leadfield", made, True)]

    @pytest.mark.parametrize("words", ["", "eleven char", "   short    ", "x" * 1001])
    def test_a_poor_passphrase_is_refused(self, small: Small, words: str) -> None:
        """Too short or far too long a passphrase is refused, and the link stays good."""
        code = small.records.signing_in.invite(small.id("amina"), "Pat")
        with pytest.raises(NotPossible):
            small.records.signing_in.accept(code, words)
        small.records.signing_in.accept(code, WORDS)

    def test_a_passphrase_that_is_soon_guessed_is_refused(self, small: Small) -> None:
        """Common passwords, keys in a row, one's own name and the programme's are refused with
        one plain sentence, for a new passphrase and a changed one; the link stays good."""
        signing_in = small.records.signing_in
        code = signing_in.invite(small.id("amina"), "Pat")
        near = ("Testfield", "Testfield Trust", "cascade")
        for words in POOR:
            for choose in (
                partial(signing_in.accept, code),
                partial(signing_in.change, small.id("amina")),
            ):
                with pytest.raises(NotPossible, match="Many people choose words like these"):
                    choose(words, *near)
        signing_in.accept(code, WORDS, *near)

    def test_a_long_passphrase_is_looked_at_in_no_time(self) -> None:
        """Whatever somebody types, only its first forty characters are weighed."""
        looked: list[str] = []

        class Watched(str):
            def __getitem__(self, part: object) -> str:  # type: ignore[override]
                found = str.__getitem__(self, part)  # type: ignore[index]
                looked.append(found)
                return found

            def strip(self, *_: object) -> "Watched":
                return self

        assert not guessable(Watched("kettle window sandal brisk " * 30))
        assert [len(words) for words in looked] == [40]


class TestSessions:
    def test_it_ends_when_nobody_does_anything(self, small: Small) -> None:
        """Half an hour without a touch ends a session; not a second sooner."""
        token = small.records.signing_in.sign_in(small.id("amina"))
        small.clock.later(minutes=30, seconds=-1)
        assert small.records.signing_in.who(token).person.name == "amina Field"
        small.clock.later(seconds=1)
        with pytest.raises(SignedOut):
            small.records.signing_in.who(token)

    def test_being_asked_is_not_a_touch(self, small: Small) -> None:
        """Requests that only ask who is there do not keep a session alive."""
        token = small.records.signing_in.sign_in(small.id("amina"))
        for _ in range(3):
            small.clock.later(minutes=9)
            small.records.signing_in.who(token)
        small.clock.later(minutes=3)
        with pytest.raises(SignedOut):
            small.records.signing_in.who(token)

    def test_a_touch_starts_the_idle_clock_again(self, small: Small) -> None:
        """Somebody who goes on working stays signed in."""
        signing_in = small.records.signing_in
        token = signing_in.sign_in(small.id("amina"))
        for _ in range(4):
            small.clock.later(minutes=29)
            signing_in.touch(signing_in.who(token))
        assert signing_in.who(token).person.id == small.id("amina")

    def test_touching_is_written_twice_a_minute_at_most(self, small: Small) -> None:
        """Typing does not write the session's row at every key."""
        signing_in = small.records.signing_in
        token = signing_in.sign_in(small.id("amina"))
        began = small.clock.at
        small.clock.later(seconds=29)
        signing_in.touch(signing_in.who(token))
        [browser] = signing_in.sign_ins(small.id("amina"))
        assert (browser.started_at, browser.seen_at) == (began, began)
        now = small.clock.later(seconds=1)
        signing_in.touch(signing_in.who(token))
        [browser] = signing_in.sign_ins(small.id("amina"))
        assert (browser.started_at, browser.seen_at) == (began, now)

    def test_on_a_shared_computer_ten_minutes_are_enough(self, small: Small) -> None:
        """Where other people sit, too, a session sleeps sooner, and its tickets with it."""
        signing_in = small.records.signing_in
        shared, own = (signing_in.sign_in(small.id("amina"), shared=s) for s in (True, False))
        ticket = signing_in.ticket(small.id("amina"), signing_in.who(shared).id, None)
        small.clock.later(minutes=10, seconds=-1)
        assert signing_in.who(shared).shared
        small.clock.later(seconds=1)
        with pytest.raises(SignedOut):
            signing_in.who(shared)
        with pytest.raises(NotFound):
            signing_in.holder(ticket)
        assert not signing_in.who(own).shared

    def test_half_a_sign_in_is_nobody(self, small: Small) -> None:
        """While something is missing nobody is signed in, nobody is listed, and after ten minutes
        nothing is waited for."""
        signing_in = small.records.signing_in
        token = signing_in.sign_in(small.id("sue"), waiting="code")
        with pytest.raises(SignedOut):
            signing_in.who(token)
        assert signing_in.sign_ins(small.id("sue")) == []
        assert signing_in.waiting(token).what == "code"
        small.clock.later(minutes=10)
        with pytest.raises(SignedOut):
            signing_in.waiting(token)
        with pytest.raises(SignedOut):
            signing_in.waiting(signing_in.sign_in(small.id("sue")))

    def test_one_browser_is_ended_by_its_own_person(self, small: Small) -> None:
        """A session in the list can be ended alone, by nobody else."""
        signing_in = small.records.signing_in
        here, there = (signing_in.sign_in(small.id("amina")) for _ in range(2))
        gone = signing_in.who(there).id
        with pytest.raises(NotFound):
            signing_in.sign_out_one(small.id("beth"), gone)
        signing_in.sign_out_one(small.id("amina"), gone)
        with pytest.raises(SignedOut):
            signing_in.who(there)
        [browser] = signing_in.sign_ins(small.id("amina"))
        assert browser.id == signing_in.who(here).id

    def test_a_day_of_work_ends_it_all_the_same(self, small: Small) -> None:
        """However busy, a session ends twelve hours after it began."""
        signing_in = small.records.signing_in
        token = signing_in.sign_in(small.id("amina"))
        for _ in range(ABSOLUTE_HOURS * 3 - 1):
            small.clock.later(minutes=20)
            signing_in.touch(signing_in.who(token))
        small.clock.later(minutes=20)
        with pytest.raises(SignedOut):
            signing_in.who(token)

    def test_signing_out_ends_this_browser_only(self, small: Small) -> None:
        """Signing out here leaves the other device signed in; *everywhere* ends them all."""
        signing_in = small.records.signing_in
        here, there = (signing_in.sign_in(small.id("amina")) for _ in range(2))
        signing_in.sign_out(signing_in.who(here).id)
        with pytest.raises(SignedOut):
            signing_in.who(here)
        assert len(signing_in.sign_ins(small.id("amina"))) == 1
        signing_in.sign_out_everywhere(small.id("amina"))
        with pytest.raises(SignedOut):
            signing_in.who(there)
        assert signing_in.sign_ins(small.id("amina")) == []

    def test_leaving_the_programme_ends_every_session(self, small: Small) -> None:
        """A person who was removed is signed out at once, and cannot sign in."""
        welcome(small)
        token = small.records.signing_in.sign_in(small.id("amina"))
        small.records.people.remove(small.id("amina"))
        with pytest.raises(SignedOut):
            small.records.signing_in.who(token)
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.verify("amina Field", WORDS)
        with pytest.raises(NotFound):
            small.records.signing_in.sign_in(small.id("amina"))

    def test_changing_the_passphrase_ends_every_session(self, small: Small) -> None:
        """After a change the old words and the old cookies are worth nothing."""
        welcome(small)
        token = small.records.signing_in.sign_in(small.id("amina"))
        small.records.signing_in.change(small.id("amina"), "four other plain words")
        with pytest.raises(SignedOut):
            small.records.signing_in.who(token)
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.verify("amina Field", WORDS)

    def test_no_secret_stands_in_the_tables(self, small: Small) -> None:
        """Passphrases, cookies, codes and tickets are kept as hashes only."""
        signing_in = small.records.signing_in
        code = signing_in.invite(small.id("amina"), "Pat")
        signing_in.accept(code, WORDS)
        token = signing_in.sign_in(small.id("amina"))
        ticket = signing_in.ticket(small.id("amina"), None, None, 1)
        kept = everything(small.records)
        for secret in (code, WORDS, token, ticket):
            assert secret not in kept
        assert "$argon2id$" in kept


def everything(records: Records) -> str:
    with records.store.database.reading() as s:
        return repr(
            [
                s.execute(select(table.__table__)).all()
                for table in (PersonRow, InvitationRow, SignInRow, TicketRow, AttemptRow)
            ]
        )


class TestNameAndPassphrase:
    @pytest.mark.parametrize("name", ["amina field", "  AMINA   FIELD ", "Amina Field"])
    def test_case_and_spaces_do_not_matter(self, small: Small, name: str) -> None:
        """A name may be typed as people type."""
        welcome(small)
        assert small.records.signing_in.verify(name, WORDS).id == small.id("amina")

    @pytest.mark.parametrize(
        ("name", "words"), [("amina Field", "wrong words here"), ("nobody", WORDS), ("", "")]
    )
    def test_what_does_not_go_together_is_one_answer(
        self, small: Small, name: str, words: str
    ) -> None:
        """A wrong name and a wrong passphrase are refused with the same sentence."""
        welcome(small)
        with pytest.raises(WrongPassphrase) as error:
            small.records.signing_in.verify(name, words)
        assert str(error.value) == "That name and passphrase do not go together. Try again."

    def test_somebody_who_never_chose_a_passphrase_cannot_sign_in(self, small: Small) -> None:
        """Without a passphrase no words open the door, empty ones neither."""
        for words in ("", WORDS):
            with pytest.raises(WrongPassphrase):
                small.records.signing_in.verify("beth Field", words)

    def test_ten_wrong_tries_close_the_door_for_a_while(self, small: Small) -> None:
        """After ten wrong tries from one place even the right words wait a quarter of an hour."""
        welcome(small)
        verify = small.records.signing_in.verify
        for _ in range(ATTEMPTS):
            with pytest.raises(WrongPassphrase, match="do not go together"):
                verify("amina Field", "wrong words here", "10.0.0.1")
        with pytest.raises(WrongPassphrase, match="Too many tries"):
            verify("amina Field", WORDS, "10.0.0.1")
        assert verify("amina Field", WORDS, "10.0.0.2").id == small.id("amina")
        small.clock.later(minutes=ATTEMPT_MINUTES)
        assert verify("amina Field", WORDS, "10.0.0.1").id == small.id("amina")

    def test_wrong_tries_are_kept_without_names(self, small: Small) -> None:
        """The table of wrong tries says neither who was tried nor from where."""
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.verify("Marker Name", "marker words", "10.9.8.7")
        with small.records.store.database.reading() as s:
            kept = repr(s.execute(select(AttemptRow.__table__)).all()).lower()
        for word in ("marker", "10.9.8.7"):
            assert word not in kept

    def test_one_place_has_a_hundred_whatever_the_name(self, small: Small) -> None:
        """Trying one passphrase on every name comes to an end, too; an IPv6 place is a whole /64,
        and other places are not touched."""
        welcome(small)
        verify, store = small.records.signing_in.verify, small.records.store
        counted = attempts.counted(store.vault, "place", attempts.place("2001:db8:1:2::"))
        with store.database.writing() as s:
            for _ in range(PLACE_ATTEMPTS - 3):
                attempts.note(s, counted, store.now())
        for number in range(3):
            with pytest.raises(WrongPassphrase, match="do not go together"):
                verify(f"name {number}", "x", f"2001:db8:1:2::{number:x}")
        with pytest.raises(WrongPassphrase, match="Too many tries"):
            verify("amina Field", WORDS, "2001:db8:1:2:ffff::1")
        assert verify("amina Field", WORDS, "2001:db8:1:3::1").id == small.id("amina")

    def test_nobody_in_the_room_keeps_the_person_behind_the_cover_out(self, small: Small) -> None:
        """A browser whose session only fell asleep has tries of its own: whatever others try from
        the same place, its person comes back.  A cookie of somebody else's, or of a session that
        was signed out, does not help."""
        for who in ("amina", "beth"):
            welcome(small, who)
        signing_in = small.records.signing_in
        asleep, out, beths = (signing_in.sign_in(small.id(w)) for w in ("amina", "amina", "beth"))
        signing_in.leave(out)
        small.clock.later(hours=2)
        for _ in range(ATTEMPTS):
            with pytest.raises(WrongPassphrase):
                signing_in.verify("amina Field", "wrong words here", "10.0.0.1")
        for held in ("", out, beths, "made up"):
            with pytest.raises(WrongPassphrase, match="Too many tries"):
                signing_in.verify("amina Field", WORDS, "10.0.0.1", held)
        assert signing_in.verify("amina Field", WORDS, "10.0.0.1", asleep).id == small.id("amina")
        for _ in range(ATTEMPTS):
            with pytest.raises(WrongPassphrase, match="do not go together"):
                signing_in.verify("amina Field", "wrong words here", "10.0.0.1", asleep)
        with pytest.raises(WrongPassphrase, match="Too many tries"):
            signing_in.verify("amina Field", WORDS, "10.0.0.1", asleep)


class TestTickets:
    def test_a_ticket_names_one_person_and_one_page(self, small: Small) -> None:
        """A kernel's ticket is bound to the entry it was made for."""
        entry = small.entry()
        ticket = small.records.signing_in.ticket(small.id("amina"), None, entry.id)
        holder = small.records.signing_in.holder(ticket)
        assert (holder.person.id, holder.entry_id) == (small.id("amina"), entry.id)

    def test_it_ends_with_the_sign_in(self, small: Small) -> None:
        """Signing out takes the tickets of that browser with it, and no others."""
        signing_in = small.records.signing_in
        here, there = (signing_in.who(signing_in.sign_in(small.id("amina"))).id for _ in range(2))
        ended, kept = (signing_in.ticket(small.id("amina"), one, None) for one in (here, there))
        signing_in.sign_out(here)
        with pytest.raises(NotFound):
            signing_in.holder(ended)
        assert signing_in.holder(kept).person.id == small.id("amina")

    def test_it_ends_when_the_session_falls_asleep(self, small: Small) -> None:
        """A kernel on a page nobody touches reads nothing once the session has timed out."""
        signing_in = small.records.signing_in
        sign_in = signing_in.who(signing_in.sign_in(small.id("amina"))).id
        ticket = signing_in.ticket(small.id("amina"), sign_in, None)
        small.clock.later(minutes=30)
        with pytest.raises(NotFound):
            signing_in.holder(ticket)

    def test_it_ends_with_the_kernel(self, small: Small) -> None:
        """When a kernel ends its ticket does."""
        ticket = small.records.signing_in.ticket(small.id("amina"), None, None)
        small.records.signing_in.end_ticket(ticket)
        with pytest.raises(NotFound):
            small.records.signing_in.holder(ticket)

    def test_it_ends_by_itself(self, small: Small) -> None:
        """A ticket for an hour is worth nothing after an hour."""
        ticket = small.records.signing_in.ticket(small.id("amina"), None, None, 1)
        small.clock.later(hours=1)
        with pytest.raises(NotFound):
            small.records.signing_in.holder(ticket)

    def test_it_ends_when_its_person_leaves(self, small: Small) -> None:
        """Nobody reads as a person who was removed."""
        kernels = small.records.signing_in.ticket(small.id("amina"), None, None)
        collects = small.records.signing_in.ticket(small.id("amina"), None, None, 1)
        small.records.people.remove(small.id("amina"))
        with pytest.raises(NotFound):
            small.records.signing_in.holder(kernels)
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.use_ticket(collects)

    def test_a_ticket_to_collect_works_once(self, small: Small) -> None:
        """The ticket a person hands the operator opens one collect."""
        ticket = small.records.signing_in.ticket(small.id("amina"), None, None, 1)
        assert small.records.signing_in.use_ticket(ticket).id == small.id("amina")
        with pytest.raises(WrongPassphrase):
            small.records.signing_in.use_ticket(ticket)

    def test_a_kernels_ticket_cannot_collect(self, small: Small) -> None:
        """What a page's kernel holds is no key for the command line."""
        signing_in = small.records.signing_in
        sign_in = signing_in.who(signing_in.sign_in(small.id("amina"))).id
        ticket = signing_in.ticket(small.id("amina"), sign_in, None)
        with pytest.raises(WrongPassphrase):
            signing_in.use_ticket(ticket)

    def test_a_made_up_ticket_reads_nothing(self, small: Small) -> None:
        """A ticket nobody made is like one that has ended."""
        with pytest.raises(NotFound):
            small.records.signing_in.holder("a-made-up-ticket")
