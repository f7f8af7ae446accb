"""The control of ``kills``: a mail for each Celery message, with Celery's own settings.

Run as ``celery -A bench.checkout.plain_mail worker``. The message is taken off the queue before
the mail is sent, so a worker that dies takes with it what it had in its hands.
"""

from storefront import celery_app

app = celery_app
app.conf.task_acks_late = False
app.conf.worker_prefetch_multiplier = 4
SEND = "bench.send_one_mail"


@app.task(name=SEND)
def send_one_mail(number: int) -> None:
    from orders.mails.sending import message_for
    from orders.models import Outbox

    message_for(Outbox.objects.get(pk=number)).send()
