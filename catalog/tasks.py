from celery import shared_task

from catalog import listing


@shared_task
def refresh_due_products() -> int:
    return listing.refresh_due()
