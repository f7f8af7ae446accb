from celery import shared_task

from social import views_counter


@shared_task
def save_view_counts() -> int:
    return views_counter.save()
