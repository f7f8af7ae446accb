"""Tell the merchant when stock runs low: one mail for each change that lets some run low."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from catalog.signals import stock_crossed
from orders import outbox


@receiver(stock_crossed)
def owe_word(ran_low: Sequence[int], **_event: Any) -> None:
    """Part of the transaction that took the stock; whether it is sent is decided by the sender."""
    if ran_low:
        outbox.owe(f"low:{uuid.uuid4().hex}", outbox.LOW_STOCK, skus=list(ran_low))
        transaction.on_commit(outbox.ring, robust=True)
