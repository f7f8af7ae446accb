"""What gateways send us: stored once, answered at once, worked off by Celery."""

from contextlib import suppress
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from orders import outbox
from orders.models import Outbox, Payment, PaymentEvent
from orders.payments import paying
from orders.payments.base import Message
from orders.payments.log import kept


def store(slug: str, message: Message) -> bool:
    """Keep a proven message and owe its effect; False, and nothing more, if it came before."""
    try:
        with transaction.atomic():
            event = PaymentEvent.objects.create(
                gateway=slug,
                payment=_payment_of(slug, message),
                direction=PaymentEvent.Direction.MESSAGE,
                action=message.kind[:100],
                event_id=message.event_id,
                body=kept(message.body),
            )
            outbox.owe(f"message:{event.pk}", outbox.PAYMENT_MESSAGE, event=event.pk)
            transaction.on_commit(outbox.ring, robust=True)
    except IntegrityError:
        if PaymentEvent.objects.filter(gateway=slug, event_id=message.event_id).exists():
            return False
        raise
    return True


def _payment_of(slug: str, message: Message) -> Payment | None:
    found = Q(pk__in=())
    if message.reference:
        found |= Q(reference=message.reference)
    with suppress(ValueError):
        found |= Q(key=UUID(message.payment_key))
    return Payment.objects.filter(found, gateway=slug).first()


@outbox.handles(outbox.PAYMENT_MESSAGE)
def work_off(row: Outbox) -> None:
    """A message is only a reason to look: the gateway itself is asked how the payment stands."""
    event = PaymentEvent.objects.select_related("payment").get(pk=row.payload["event"])
    if event.payment is None:
        raise outbox.NoLongerNeededError("about no payment of ours")
    paying.settle(event.payment)
