"""Looking back at the start: there only where the programme asks for it."""

import re
from collections.abc import Callable

from cascade_tools.model.journey import LOOKING_BACK
from cascade_tools.settings import change_settings
from tests.faults.nursery import QuickHouse
from tests.server.visitor import Visitor

HERE = f"workbooks/{LOOKING_BACK}"
NONE = "workbooks/leader/no-such-thing"
TITLE = "Looking back at the start"


def test_by_default_it_is_as_if_it_were_not_there(amina: Visitor) -> None:
    """Neither home nor Welcome names it, and its addresses answer as those of a workbook that does
    not exist, for reading, for starting and on paper."""
    for path in ("", "welcome"):
        assert TITLE not in amina.get(path).text
    for path in ("", "/plain"):
        gone, never = amina.get(HERE + path), amina.get(NONE + path)
        assert (gone.status, never.status) == (404, 404)
        drawn_anew = re.compile(r'name="_xsrf" value="[^"]+"')
        assert drawn_anew.sub("", gone.text.replace(HERE, NONE)) == drawn_anew.sub("", never.text)
    assert amina.post(HERE, {"time": "end"}).status == 404


def test_a_programme_asks_at_the_end_and_later(build: Callable[..., QuickHouse]) -> None:
    """With the setting, leaders and coaches find it, for the end and six months later only; it
    begins with an empty box, whatever they ticked elsewhere.  What was written stays its author's
    to read when the programme asks no more."""
    house = build(then_test=True)
    house.start()
    leo = Visitor(house, "leo")
    assert TITLE in leo.get("").text
    page = leo.get(HERE).text
    assert "At the end" in page
    assert "Six months later" in page
    assert "Half-way" not in page
    for time in ("start", "half-way"):
        assert leo.post(HERE, {"time": time}).status == 400
    entry = leo.start(LOOKING_BACK, time="end")
    page = leo.get(f"entries/{entry}").text
    assert "nothing of this sheet is counted" in page
    (box,) = re.findall(r'<input[^>]*name="looking-back-counts"[^>]*>', page)
    assert 'type="checkbox"' in box
    assert "checked" not in box
    assert leo.get(HERE + "/plain").status == 200
    house.stop()
    change_settings(house.folder.toml, then_test=False)
    house.start()
    assert leo.get(HERE).status == 404
    assert leo.get(f"entries/{entry}").status in (200, 302)
