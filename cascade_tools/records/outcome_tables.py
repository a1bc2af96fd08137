"""The table of main outcomes: what a programme said it would look at first."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cascade_tools.records.tables import Row, new_id


class MainOutcomesRow(Row):
    """One choice of main outcomes, and when it was made.  The newest one holds; earlier ones stay,
    and after the first release there is no new one.

    ``keys`` names questions of one workbook, with a space between them.
    """

    __tablename__ = "main_outcomes"
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    workbook: Mapped[str]
    keys: Mapped[str]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
