from celery import shared_task

from orders import back_in_stock, erasing, outbox, sales
from orders.payments import log, overdue


@shared_task
def drain_outbox() -> int:
    return outbox.drain()


# It reads all lines of 30 days, so a large shop may need more than a mail does.
@shared_task(soft_time_limit=300, time_limit=330)
def refresh_sales() -> int:
    return sales.refresh()


@shared_task(soft_time_limit=300, time_limit=330)
def check_payments() -> int:
    return overdue.check_due()


@shared_task(soft_time_limit=300, time_limit=330)
def expire_orders() -> int:
    return overdue.expire_due()


@shared_task
def tell_of_stock() -> int:
    return back_in_stock.look_again()


@shared_task(soft_time_limit=300, time_limit=330)
def forget_old_mails() -> int:
    return outbox.forget_old() + back_in_stock.forget_told() + log.forget_strangers()


@shared_task(soft_time_limit=300, time_limit=330)
def erase_who_left() -> int:
    return erasing.erase_due()
