"""The operator's and the analyst's door: one call for each thing that can be done to a programme.

The only place in-process that joins records, collect and keys.  ``cascade`` on the command line
does nothing but call these.
"""

from cascade_tools.programme.alone import alone
from cascade_tools.programme.briefing import brief
from cascade_tools.programme.copies import Backup, backup, forget_old_backups, old_backups
from cascade_tools.programme.demo import make_demo
from cascade_tools.programme.desks import collect_to, open_programme
from cascade_tools.programme.folders import (
    check,
    find_folder,
    init,
    open_folder,
    records_of,
)
from cascade_tools.programme.handing_over import HandedOver, contacts, hand_over
from cascade_tools.programme.keys import Rotated, print_key, rotate, type_key
from cascade_tools.programme.listening import LOOPBACK, PORT, Listening, listening, port_fault
from cascade_tools.programme.overview import Overview, overview
from cascade_tools.programme.paper import write_paper
from cascade_tools.programme.people import (
    add_person,
    list_people,
    pair,
    remove_person,
    room,
    supervise,
)
from cascade_tools.programme.permissions import shut
from cascade_tools.programme.rehearsal import Rehearsing, rehearsing
from cascade_tools.programme.releasing import group_results, release
from cascade_tools.programme.reporting import (
    choose_main_outcomes,
    practice_report,
    report,
    what_changed,
)
from cascade_tools.programme.restoring import Restored, restore, verify
from cascade_tools.programme.retention import (
    Ran,
    end_hold,
    hold,
    holds,
    retention,
    run_retention,
)
from cascade_tools.programme.running import funder, running
from cascade_tools.programme.slips import Slip, invite, link, waiting, write_slips
from cascade_tools.programme.spelling import GROUPS, read_group, unspell
from cascade_tools.programme.status import OperatorsDoor, Status, operators_door, status

__all__ = [
    "GROUPS",
    "LOOPBACK",
    "PORT",
    "Backup",
    "HandedOver",
    "Listening",
    "OperatorsDoor",
    "Overview",
    "Ran",
    "Rehearsing",
    "Restored",
    "Rotated",
    "Slip",
    "Status",
    "add_person",
    "alone",
    "backup",
    "brief",
    "check",
    "choose_main_outcomes",
    "collect_to",
    "contacts",
    "end_hold",
    "find_folder",
    "forget_old_backups",
    "funder",
    "group_results",
    "hand_over",
    "hold",
    "holds",
    "init",
    "invite",
    "link",
    "list_people",
    "listening",
    "make_demo",
    "old_backups",
    "open_folder",
    "open_programme",
    "operators_door",
    "overview",
    "pair",
    "port_fault",
    "practice_report",
    "print_key",
    "read_group",
    "records_of",
    "rehearsing",
    "release",
    "remove_person",
    "report",
    "restore",
    "retention",
    "room",
    "rotate",
    "run_retention",
    "running",
    "shut",
    "status",
    "supervise",
    "type_key",
    "unspell",
    "verify",
    "waiting",
    "what_changed",
    "write_paper",
    "write_slips",
]
