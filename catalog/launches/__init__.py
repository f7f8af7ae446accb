"""Launches: several drafts and price batches go live in one transaction, or none of them.

The row's state is what is owed; Celery's beat only rings. A launch is carried out while
its row is locked, so that it happens once, however many workers look at the same moment;
one that was due while no worker ran is carried out when the next one looks.
"""

from .carrying_out import LaunchError, check, rehearse, seen
from .states import launch_now, run_due, schedule, take_newest, unschedule
from .way_back import changed_since, roll_back

__all__ = [
    "LaunchError",
    "changed_since",
    "check",
    "launch_now",
    "rehearse",
    "roll_back",
    "run_due",
    "schedule",
    "seen",
    "take_newest",
    "unschedule",
]
