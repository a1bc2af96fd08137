"""Tables of what one person may see, as pandas frames and as files.

Every function takes a desk, asks it, and shapes what it gives.  Nothing here opens records or
decides who may see what: the gate behind the desk has done that before the first row arrives.
"""

from cascade_tools.collect.actions import actions
from cascade_tools.collect.caseload import overview
from cascade_tools.collect.exports import save, write_table
from cascade_tools.collect.files import Collected, write
from cascade_tools.collect.group_results import count_safely, group_results
from cascade_tools.collect.meanings import dictionary
from cascade_tools.collect.outcomes import outcomes
from cascade_tools.collect.running import running
from cascade_tools.collect.sessions import sessions
from cascade_tools.collect.tables import answers, balance, thinking
from cascade_tools.collect.what_changed import what_changed
from cascade_tools.collect.wide import wide

__all__ = [
    "Collected",
    "actions",
    "answers",
    "balance",
    "count_safely",
    "dictionary",
    "group_results",
    "outcomes",
    "overview",
    "running",
    "save",
    "sessions",
    "thinking",
    "what_changed",
    "wide",
    "write",
    "write_table",
]
