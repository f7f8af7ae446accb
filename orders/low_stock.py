"""Tell the merchant when stock runs low: one mail for each change that lets some run low."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from catalog.signals import stock_crossed
from orders import outbox
from orders.models import OrderSettings


@receiver(stock_crossed)
def owe_word(ran_low: Sequence[int], **_event: Any) -> None:
    """Part of the transaction that took the stock; nothing is owed where nobody wants to know."""
    if not ran_low:
        return
    rules = OrderSettings.load()
    if rules.merchant_email and rules.tells_of_low_stock:
        outbox.owe(f"low:{uuid.uuid4().hex}", outbox.LOW_STOCK, skus=list(ran_low))
        transaction.on_commit(outbox.ring, robust=True)
