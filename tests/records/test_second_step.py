"""The authenticator app: codes that fit once, codes on paper, and how often one may try."""

from base64 import b32decode

import pytest
from sqlalchemy import select

from cascade_tools.errors import NotPossible, WrongPassphrase
from cascade_tools.records.second_step import (
    PERSON_TRIES,
    RECOVERY_CODES,
    SESSION_TRIES,
    STEP_SECONDS,
    code_at,
)
from cascade_tools.records.trust_tables import RecoveryCodeRow, SecondStepRow
from tests.records.small import Small

HERE, THERE = "one session", "another"


def shown(small: Small, secret: bytes, later: int = 0) -> str:
    """What the app shows now, or so many steps later."""
    return code_at(secret, int(small.clock.at.timestamp()) // STEP_SECONDS + later)


def set_up(small: Small, who: str = "sue") -> tuple[bytes, list[str]]:
    """The secret of a new app, and the codes for paper; its first step has been used."""
    step, person = small.records.second_step, small.id(who)
    step.begin(person)
    begun = step.begun(person)
    assert begun is not None
    secret = b32decode(begun.base32)
    codes = step.confirm(person, HERE, shown(small, secret))
    small.clock.later(seconds=STEP_SECONDS)
    return secret, codes


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """The examples of RFC 6238, appendix B, in six digits."""
    assert code_at(b"12345678901234567890", seconds // STEP_SECONDS) == code


class TestSettingUp:
    def test_it_counts_once_a_code_has_shown_that_the_app_has_it(self, small: Small) -> None:
        """Begun and not finished is nothing; a wrong code finishes nothing."""
        step, sue = small.records.second_step, small.people["sue"]
        assert step.missing(sue)
        step.begin(sue.id)
        with pytest.raises(WrongPassphrase):
            step.confirm(sue.id, HERE, "000000")
        assert step.on(sue.id) is None
        with pytest.raises(WrongPassphrase):
            step.check(sue.id, HERE, "000000")
        set_up(small)
        has = step.on(sue.id)
        assert has is not None
        assert (has.codes_left, step.missing(sue)) == (RECOVERY_CODES, False)

    def test_beginning_again_makes_another_secret(self, small: Small) -> None:
        """A square that somebody else saw is worth nothing once a new one was begun; a finished
        one is shown to nobody and cannot be begun over."""
        step, sue = small.records.second_step, small.id("sue")
        step.begin(sue)
        first = step.begun(sue)
        step.begin(sue)
        assert first != step.begun(sue)
        set_up(small)
        assert step.begun(sue) is None
        with pytest.raises(NotPossible):
            step.begin(sue)

    def test_it_is_asked_of_those_who_read_or_lead(self, small: Small) -> None:
        """Supervisors and leads need one; coaches and leaders may have one."""
        missing = small.records.second_step.missing
        wanted = {"amina": False, "leo": False, "sue": True, "pat": True}
        assert {who: missing(small.people[who]) for who in wanted} == wanted

    def test_nothing_of_it_can_be_read_in_the_database(self, small: Small) -> None:
        """The secret is sealed; of the codes on paper there are hashes."""
        secret, codes = set_up(small)
        with small.records.store.database.reading() as s:
            kept = repr(
                [s.execute(select(t.__table__)).all() for t in (SecondStepRow, RecoveryCodeRow)]
            )
        for words in (repr(secret)[2:-1], *codes, *(c.replace("-", "") for c in codes)):
            assert words not in kept

    def test_a_new_link_takes_it_off(self, small: Small) -> None:
        """Whoever lost phone and paper gets in by a new link, and sets up another app."""
        set_up(small)
        code = small.records.signing_in.invite(small.id("sue"), "Pat Field")
        small.records.signing_in.accept(code, "four plain words here")
        assert small.records.second_step.missing(small.people["sue"])
        with small.records.store.database.reading() as s:
            assert s.scalars(select(RecoveryCodeRow)).all() == []


class TestCodes:
    @pytest.mark.parametrize("later", [-1, 0, 1])
    def test_a_clock_may_be_half_a_minute_wrong(self, small: Small, later: int) -> None:
        """The code of the step before and after is taken, and none further off."""
        secret, _ = set_up(small)
        small.clock.later(minutes=5)
        check = small.records.second_step.check
        for far in (-2, 2):
            with pytest.raises(WrongPassphrase):
                check(small.id("sue"), HERE, shown(small, secret, far))
        spaced = shown(small, secret, later)
        check(small.id("sue"), HERE, f" {spaced[:3]} {spaced[3:]} ")

    def test_no_code_works_twice(self, small: Small) -> None:
        """Somebody who saw a code that was used cannot use it, nor one of an earlier step."""
        secret, _ = set_up(small)
        small.clock.later(minutes=5)
        check, now, before = (
            small.records.second_step.check,
            shown(small, secret),
            shown(small, secret, -1),
        )
        check(small.id("sue"), HERE, now)
        for used in (now, before):
            with pytest.raises(WrongPassphrase):
                check(small.id("sue"), THERE, used)

    def test_a_code_on_paper_works_once(self, small: Small) -> None:
        """As it is printed, in capitals or without its strokes; then never again, and never for
        somebody else."""
        _, codes = set_up(small)
        _, toms = set_up(small, "tom")
        check = small.records.second_step.check
        for code in (codes[0], codes[1].upper(), codes[2].replace("-", "")):
            check(small.id("sue"), HERE, code)
            with pytest.raises(WrongPassphrase):
                check(small.id("sue"), HERE, code)
        with pytest.raises(WrongPassphrase):
            check(small.id("sue"), THERE, toms[0])
        has = small.records.second_step.on(small.id("sue"))
        assert has is not None
        assert has.codes_left == RECOVERY_CODES - 3

    def test_new_codes_end_the_old_ones(self, small: Small) -> None:
        """A paper that was lost opens nothing once there is a new one."""
        _, old = set_up(small)
        new = small.records.second_step.new_codes(small.id("sue"))
        with pytest.raises(WrongPassphrase):
            small.records.second_step.check(small.id("sue"), HERE, old[0])
        small.records.second_step.check(small.id("sue"), HERE, new[0])

    def test_turned_off_it_asks_for_nothing(self, small: Small) -> None:
        """Without an app no code fits any more."""
        _, codes = set_up(small)
        small.records.second_step.turn_off(small.id("sue"))
        assert small.records.second_step.on(small.id("sue")) is None
        with pytest.raises(WrongPassphrase):
            small.records.second_step.check(small.id("sue"), HERE, codes[0])

    def test_whatever_is_typed_is_only_a_wrong_code(self, small: Small) -> None:
        """Nothing typed breaks the door."""
        set_up(small)
        for typed in ("", "   ", "１２３４５６", "'; --", "a" * 5000, "\x00"):
            with pytest.raises(WrongPassphrase):
                small.records.second_step.check(small.id("sue"), HERE, typed)


class TestTries:
    def test_a_session_has_ten(self, small: Small) -> None:
        """After ten wrong codes even the right one waits, in that session alone."""
        secret, _ = set_up(small)
        check, sue = small.records.second_step.check, small.id("sue")
        for _ in range(SESSION_TRIES):
            with pytest.raises(WrongPassphrase, match="does not fit"):
                check(sue, HERE, "000000")
        with pytest.raises(WrongPassphrase, match="Too many tries"):
            check(sue, HERE, shown(small, secret))
        check(sue, THERE, shown(small, secret))

    def test_many_sessions_do_not_help_and_paper_still_does(self, small: Small) -> None:
        """Somebody who knows the passphrase has thirty tries an hour at six digits, however many
        sessions they begin; meanwhile the person's paper opens the door."""
        secret, codes = set_up(small)
        check, sue = small.records.second_step.check, small.id("sue")
        for number in range(PERSON_TRIES):
            with pytest.raises(WrongPassphrase, match="does not fit"):
                check(sue, f"session {number}", "000000")
        with pytest.raises(WrongPassphrase, match="Too many tries"):
            check(sue, "one more", shown(small, secret))
        check(sue, "one more", codes[0])
        small.clock.later(hours=1)
        check(sue, "one more", shown(small, secret))
