from celery import shared_task

from catalog import jobs, launches, listing, rendition_work


@shared_task
def refresh_due_products() -> int:
    return listing.refresh_due()


# A job may take long; its own lease, not this limit, tells whether its worker still lives.
@shared_task(soft_time_limit=4 * 3600, time_limit=4 * 3600 + 60)
def run_jobs() -> int:
    return jobs.run_due()


@shared_task
def forget_old_jobs() -> int:
    return jobs.forget_old()


# One transaction for all parts of a launch, which may be many.
@shared_task(soft_time_limit=600, time_limit=660)
def run_due_launches() -> int:
    return launches.run_due()


# A turn of a few seconds, which the last picture may outlast.
@shared_task(soft_time_limit=100, time_limit=110)
def make_renditions() -> int:
    count = sum(1 for _row in rendition_work.work())
    if count and rendition_work.is_owed():
        rendition_work.ring()
    return count


@shared_task
def owe_renditions(noticed: list[tuple[int, str]]) -> None:
    rendition_work.owe_noticed(noticed)


@shared_task
def find_missing_renditions() -> int:
    return rendition_work.owe_missing()
