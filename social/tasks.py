from celery import shared_task

from social import rebuilding, views_saving
from social.account import unproven
from social.newsletter import delivering, sending, subscribing


# After an outage of Redis all products are read.
@shared_task(soft_time_limit=600, time_limit=630)
def save_view_counts() -> int:
    saved = views_saving.save()
    rebuilding.rebuild_if_lost()
    return saved


# What was missed while Redis was away is made good.
@shared_task(soft_time_limit=600, time_limit=630)
def rebuild_counters() -> int:
    return rebuilding.rebuild()


# Rows for a million recipients are one statement, which may take its time.
@shared_task(soft_time_limit=1800, time_limit=1830)
def begin_newsletters() -> int:
    begun = sending.begin_due()
    if begun:
        sending.ring()
    return begun


@shared_task(soft_time_limit=45, time_limit=60)
def send_newsletter() -> int:
    """One turn of at most 20 seconds; the next one waits behind whatever else there is to do."""
    count = delivering.work()
    if count:
        sending.ring()
    return count


@shared_task
def forget_unconfirmed() -> int:
    return subscribing.forget_unconfirmed()


@shared_task(soft_time_limit=300, time_limit=330)
def forget_unproven_accounts() -> int:
    return unproven.forget_unproven()
