from celery import shared_task

from search import indexing


# A brand with very many products takes a while.
@shared_task(soft_time_limit=1800, time_limit=1860)
def index_pending() -> int:
    return indexing.write_pending()


@shared_task(soft_time_limit=1800, time_limit=1860)
def repair_search() -> int:
    return indexing.repair()
