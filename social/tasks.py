from celery import shared_task

from social import rebuilding, views_saving


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
