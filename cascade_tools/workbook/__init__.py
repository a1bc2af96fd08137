"""The door for a workbook's notebook: ``ask`` a question, ``show`` a picture, read ``answers``.

Served, the page already shows every question and saves every answer; the kernel reads them with
its ticket.  Anywhere else the same notebook is a preview: empty answers, and nothing is saved.
"""

from cascade_tools.errors import WorkbookFault
from cascade_tools.shelf import WORKBOOK_ID
from cascade_tools.workbook.asking import Ask
from cascade_tools.workbook.opened import Opened
from cascade_tools.workbook.showing import Answers, Show

__all__ = ["Answers", "Ask", "Show", "open_workbook"]


def open_workbook(id: str) -> tuple[Ask, Show, Answers]:
    """Opens the workbook a notebook belongs to: ``ask, show, answers``.

    Raises ``WorkbookFault`` when ``id`` is not ``role/name``.
    """
    from cascade_tools.client import reader_from_env

    if not isinstance(id, str) or not WORKBOOK_ID.match(id):
        raise WorkbookFault(
            f'"{id}" is not the id of a workbook. Write its folder and name, '
            'such as open_workbook("coach/after-i-coach").'
        )
    opened = Opened(id, reader_from_env())
    if opened.reader is None:
        print("Preview: nothing is saved.")
    return Ask(opened), Show(opened), Answers(opened)
