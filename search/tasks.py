from celery import shared_task

from search import indexing, terms_saving
from search.engines import engine


# A brand with very many products takes a while.
@shared_task(soft_time_limit=1800, time_limit=1860)
def index_pending() -> int:
    return indexing.write_pending() + engine().tell()


@shared_task(soft_time_limit=1800, time_limit=1860)
def repair_search() -> int:
    return indexing.repair()


@shared_task(soft_time_limit=600, time_limit=630)
def tidy_search() -> None:
    indexing.tidy()


@shared_task(soft_time_limit=120, time_limit=150)
def save_terms() -> int:
    return terms_saving.save()


@shared_task(soft_time_limit=600, time_limit=630)
def forget_old_terms() -> int:
    return terms_saving.forget_old()
