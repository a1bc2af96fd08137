"""The operator's and the analyst's door: one call for each thing that can be done to a programme.

The only place in-process that joins records, collect and keys.  ``cascade`` on the command line
does nothing but call these.
"""

from cascade_tools.programme.demo import make_demo
from cascade_tools.programme.desks import collect_to, open_programme
from cascade_tools.programme.folders import (
    Backup,
    backup,
    check,
    find_folder,
    init,
    open_folder,
    records_of,
)
from cascade_tools.programme.listening import LOOPBACK, PORT, Listening, listening, port_fault
from cascade_tools.programme.paper import write_paper
from cascade_tools.programme.people import (
    add_person,
    list_people,
    pair,
    remove_person,
    supervise,
)
from cascade_tools.programme.rehearsal import Rehearsing, rehearsing
from cascade_tools.programme.slips import Slip, invite, link, waiting, write_slips

__all__ = [
    "LOOPBACK",
    "PORT",
    "Backup",
    "Listening",
    "Rehearsing",
    "Slip",
    "add_person",
    "backup",
    "check",
    "collect_to",
    "find_folder",
    "init",
    "invite",
    "link",
    "list_people",
    "listening",
    "make_demo",
    "open_folder",
    "open_programme",
    "pair",
    "port_fault",
    "records_of",
    "rehearsing",
    "remove_person",
    "supervise",
    "waiting",
    "write_paper",
    "write_slips",
]
