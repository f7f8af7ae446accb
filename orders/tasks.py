from celery import shared_task

from orders import outbox


@shared_task
def drain_outbox() -> int:
    return outbox.drain()
