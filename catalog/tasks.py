from celery import shared_task

from catalog import jobs, launches, listing


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
