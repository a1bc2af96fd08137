"""Group results of one moment, counted once and frozen.

What somebody wrote is counted under codes (see ``coded``) and made safe by the one who counts,
before anything is kept.  A release is never changed.  Somebody who takes their yes back stays in
what was counted before, as one of many, and is in nothing that is counted after.

With the numbers a release keeps who was counted in each of them, as marks that say only whether
it is the same person again: a thing is not counted anew while fewer than five have joined or left,
because the difference between two counts would be about these few.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade_tools.errors import NotFound, NotPossible
from cascade_tools.model.change import Change, Interval, LookingBack
from cascade_tools.model.counting import LEAST_CHANGED, count_all, flows
from cascade_tools.model.group_results import (
    MOMENTS,
    Coded,
    Count,
    Counted,
    Flow,
    MainOutcomes,
    Release,
)
from cascade_tools.model.people import Role
from cascade_tools.records.coded import coded, taking_part
from cascade_tools.records.outcomes import has_role, newest
from cascade_tools.records.store import Store, encode
from cascade_tools.records.tables import new_id
from cascade_tools.records.trust_tables import ReleaseRow

READERS = (Role.LEAD, Role.EVALUATOR)


class Releases:
    """What may be known of a whole group, at three moments of a programme."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def make(
        self,
        lead_id: str,
        moment: str,
        count: Callable[[Count, list[Coded]], Counted | None],
        *,
        then_test: bool = False,
    ) -> Release:
        """Count what may be counted at this moment, and freeze it.

        ``count`` makes one count safe: it gets the codes and numbers of those who are in it, and
        gives None when nothing may be shown of them.  ``then_test`` says whether this programme
        counts how people see their start when they look back at it.
        Raises ``NotPossible`` when this is nobody who leads the programme, when a later moment
        has been released, and when there is nothing that may be shown or counted anew.
        """
        if moment not in MOMENTS:
            raise NotPossible(f"There is no such moment. The moments are: {', '.join(MOMENTS)}.")
        with self._store.database.writing() as s:
            if not has_role(s, lead_id, (Role.LEAD,)):
                raise NotPossible("A programme lead releases group results. Name one of them.")
            earlier = [(row.moment, self._open(row)) for row in _rows(s)]
            order = list(MOMENTS)
            if any(order.index(done) > order.index(moment) for done, _ in earlier):
                raise NotPossible("A later moment has been released, so this one is over.")
            found = coded(self._store, s, then_test=then_test)
            people = [(_mark(person_id), one) for person_id, one in found]
            counted, who = count_all(people, moment, [body["who"] for _, body in earlier], count)
            if not counted:
                raise NotPossible(_nothing(bool(earlier)))
            release_id = new_id()
            main = newest(s)
            body = {
                "counted": [asdict(one) for one in counted],
                "who": who,
                "flow": [asdict(one) for one in flows(moment, people, *taking_part(s))],
                "main": asdict(main) if main else None,
            }
            sealed = self._store.vault.seal(encode(body), "release", release_id)
            row = ReleaseRow(
                id=release_id,
                moment=moment,
                made_by=lead_id,
                made_at=self._store.now(),
                key_id=sealed.key_id,
                sealed=sealed.body,
            )
            s.add(row)
            return self._release(row)

    def all(self, viewer_id: str) -> list[Release]:
        """Every release, oldest first, for those who lead or evaluate the programme.

        They hold nobody's words, so they stand outside the policy of who may see which words.
        Raises ``NotFound`` for anybody else.
        """
        with self._store.database.reading() as s:
            if not has_role(s, viewer_id, READERS):
                raise NotFound("There is nothing here for you.")
            return [self._release(row) for row in _rows(s)]

    def _open(self, row: ReleaseRow) -> dict[str, Any]:
        plain = self._store.vault.open(row.key_id, row.sealed, "release", row.id)
        body: dict[str, Any] = json.loads(plain)
        return body

    def _release(self, row: ReleaseRow) -> Release:
        """A release as it may be read: when to the month, and without the marks."""
        body = self._open(row)
        return Release(
            id=row.id,
            moment=row.moment,
            month=f"{row.made_at:%Y-%m}",
            counted=tuple(_counted(one) for one in body["counted"]),
            flow=tuple(_flow(one) for one in body.get("flow", ())),
            main=_main(body["main"]) if body.get("main") else None,
        )


def _mark(person_id: str) -> str:
    return hashlib.sha256(person_id.encode()).hexdigest()[:16]


def _nothing(released: bool) -> str:
    if released:
        return (
            f"Nothing may be counted anew: for each question fewer than {LEAST_CHANGED} people "
            "joined or left since it was counted. What is released stands as it is."
        )
    return "No group is large enough yet. Wait until more people have finished a sheet."


def _rows(s: Session) -> Iterator[ReleaseRow]:
    return iter(s.scalars(select(ReleaseRow).order_by(ReleaseRow.made_at, ReleaseRow.id)))


def _counted(doc: dict[str, Any]) -> Counted:
    cells = tuple((words, shown) for words, shown in doc["cells"])
    change, back = doc.get("change"), doc.get("back")
    return Counted(
        **{
            **doc,
            "times": tuple(doc["times"]),
            "cells": cells,
            "change": _change(change) if change else None,
            "back": LookingBack(**{**back, "interval": Interval(**back["interval"])})
            if back
            else None,
        }
    )


def _change(doc: dict[str, Any]) -> Change:
    around, far = doc["spreads_interval"], doc["far"]
    return Change(
        **{
            **doc,
            "interval": Interval(**doc["interval"]),
            "spreads_interval": Interval(**around) if around else None,
            "far": tuple(far) if far else None,
        }
    )


def _main(doc: dict[str, Any]) -> MainOutcomes:
    return MainOutcomes(**{**doc, "keys": tuple(doc["keys"])})


def _flow(doc: dict[str, Any]) -> Flow:
    return Flow(**{**doc, "times": tuple(doc["times"]), "answered": tuple(doc["answered"])})
