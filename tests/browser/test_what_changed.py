"""What changed, on a screen: before anything is released, and after."""

from collections.abc import Callable
from dataclasses import asdict

from playwright.sync_api import Page, expect

from cascade_tools.collect.practice import practice_releases
from cascade_tools.model.journey import OUTCOMES
from cascade_tools.records.store import encode
from cascade_tools.records.tables import new_id
from cascade_tools.records.trust_tables import ReleaseRow
from tests.browser.test_interest import sound
from tests.living import House

Visit = Callable[..., Page]
PAGE = "workbooks/evaluator/what-changed"


def released(house: House) -> None:
    """The end of an invented programme, as if a lead had released it here."""
    made = practice_releases(60)[1]
    body = asdict(made) | {"who": {}}
    with house.records() as records, records.store.database.writing() as s:
        release_id, store = new_id(), records.store
        sealed = store.vault.seal(encode(body), "release", release_id)
        s.add(
            ReleaseRow(
                id=release_id,
                moment=made.moment,
                made_by=house.people["pat"].id,
                made_at=store.now(),
                key_id=sealed.key_id,
                sealed=sealed.body,
            )
        )


def test_from_nothing_to_a_first_look(house: House, visit: Visit) -> None:
    """At first the page says how to come to a release, and that the lines to look at first are
    chosen before it.  Once released, main outcomes come first with their date, and the drawing
    stands in words; on any screen, and in dark."""
    lead = visit(house, "pat")
    lead.goto(house.url + PAGE)
    expect(lead.get_by_text("Nothing is released yet")).to_be_visible()
    expect(lead.get_by_text("cascade outcomes FOLDER")).to_be_visible()
    sound(lead)
    with house.records() as records:
        records.outcomes.choose(house.people["pat"].id, OUTCOMES, ["o9"])
    lead.reload()
    expect(lead.get_by_text("the main outcomes were chosen. They will come first")).to_be_visible()
    released(house)
    lead.reload()
    first = lead.locator(".changed-main").first
    expect(first).to_contain_text("I made decisions with the longer term in mind")
    expect(first).to_contain_text("On average it went up by")
    expect(lead.get_by_text("We said on 3 September 2025")).to_be_visible()
    expect(lead.get_by_text("There was no comparison group.")).to_be_visible()
    expect(lead.get_by_role("img", name="Leaders: mean change").first).to_be_visible()
    lead.get_by_text("Annex: for those who know statistics").click()
    expect(lead.get_by_text("correction of Hedges").first).to_be_visible()
    for width in (1100, 320):
        lead.set_viewport_size({"width": width, "height": 800})
        sound(lead)
    lead.emulate_media(color_scheme="dark", forced_colors="active")
    sound(lead)


def test_it_is_nobody_elses(house: House, visit: Visit) -> None:
    """A coach is not shown the page, whatever was released."""
    released(house)
    coach = visit(house, "amina")
    reply = coach.goto(house.url + PAGE)
    assert reply is not None
    assert reply.status == 404
