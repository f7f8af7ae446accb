"""Who wants to be told when something is to be had again, and telling each of them once.

The transaction that brings stock back owes one row for each SKU that somebody waits for; a
worker makes of it a mail for each who waits. So whoever counts a delivery waits for nobody.

Everybody is told, the oldest wish first, also where fewer pieces came back than people wait: a
mail is no reservation, most who get one do not buy, and whoever was passed over would never hear
of the pieces left. Each mail looks again before it leaves. Once the goods are gone, those whose
turn had not come go on waiting, and keep their places.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.dispatch import receiver
from django.utils import timezone

from catalog.models import Sku
from catalog.signals import stock_crossed
from orders import outbox
from orders.models import BackInStock, Outbox
from orders.outbox import NoLongerNeededError

# An address may be somebody else's: so many wishes an hour, and so many that are open.
MOST_AN_HOUR = 3
MOST_OPEN = 30
# So many mails are written at once.
BATCH = 500


def ask(sku: Sku, email: str, *, language: str, user: Any = None) -> None:
    """Remember the wish, unless there is one like it or the address has had its share.

    Nothing tells the one from the other, so that nobody learns who waits for what.
    """
    hour_ago = timezone.now() - timedelta(hours=1)
    same_address = BackInStock.objects.filter(email__iexact=email)
    counts = same_address.aggregate(
        lately=Count("pk", filter=Q(created__gt=hour_ago)),
        open=Count("pk", filter=Q(told__isnull=True)),
    )
    if counts["lately"] >= MOST_AN_HOUR or counts["open"] >= MOST_OPEN:
        return
    try:
        with transaction.atomic():
            BackInStock.objects.create(sku=sku, email=email, language=language, user=user)
    except IntegrityError:
        if not same_address.filter(sku=sku, told__isnull=True).exists():
            raise


def forget(wish: BackInStock) -> None:
    """Somebody changes their mind: nothing is kept of the address, and nothing sent to it."""
    BackInStock.objects.filter(email__iexact=wish.email).delete()


@receiver(stock_crossed)
def owe_word(came_back: Iterable[int], **_event: Any) -> None:
    """Somebody waits for what came back: part of the transaction that brought it."""
    waited_for = BackInStock.objects.filter(sku__in=list(came_back), told__isnull=True)
    _owe(waited_for.order_by("sku").values_list("sku", flat=True).distinct())


def _owe(sku_ids: Iterable[int]) -> int:
    owed = 0
    for sku_id in sku_ids:
        outbox.owe(f"stock:{sku_id}:{uuid.uuid4().hex}", outbox.TELL_OF_STOCK, sku=sku_id)
        owed += 1
    if owed:
        transaction.on_commit(outbox.ring, robust=True)
    return owed


@outbox.handles(outbox.TELL_OF_STOCK)
def tell(row: Outbox) -> None:
    """Owe each who waits for the SKU their mail, once, however many tell at the same time."""
    if not Sku.objects.purchasable().filter(pk=row.payload["sku"], stock__on_hand__gt=0).exists():
        raise NoLongerNeededError("it cannot be bought any more; those who wait go on waiting")
    while _tell_some(row.payload["sku"]):
        pass


@transaction.atomic
def _tell_some(sku_id: int) -> int:
    # Their numbers are the order in which they asked. Whoever tells at the same time waits here,
    # so that mails are owed in that order too: the outbox goes by their moments.
    waiting = BackInStock.objects.select_for_update().filter(sku=sku_id, told__isnull=True)
    wishes = list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
    # Whoever goes on waiting is told again later, so the moment is part of the mail's key.
    now = timezone.now()
    Outbox.objects.bulk_create(
        [
            Outbox(
                key=f"back:{pk}:{now.timestamp():.6f}",
                kind=outbox.BACK_IN_STOCK,
                payload={"wish": pk, "told": now.isoformat()},
            )
            for pk in wishes
        ]
    )
    BackInStock.objects.filter(pk__in=wishes).update(told=now)
    return len(wishes)


@outbox.when_dropped(outbox.BACK_IN_STOCK)
def wait_on(row: Outbox) -> None:
    """The goods were gone again before the mail left: whoever asked for it goes on waiting."""
    dropped = BackInStock.objects.filter(pk=row.payload["wish"], told=row.payload.get("told"))
    if (wish := dropped.first()) is None:
        return
    # They may have asked again meanwhile: one wish is enough, and the first has the better place.
    asked_again = BackInStock.objects.filter(sku=wish.sku_id, email__iexact=wish.email)
    asked_again.filter(told__isnull=True).delete()
    try:
        with transaction.atomic():
            dropped.update(told=None)
    except IntegrityError:
        # They ask at this very moment.
        dropped.delete()


def look_again() -> int:
    """Owe word of what is there while somebody waits; return of how many SKUs.

    For those who asked at the moment when it came back, and for what came back while its page
    was not public. The beat asks; telling twice tells once.
    """
    waited_for = BackInStock.objects.filter(told__isnull=True).values("sku")
    there = Sku.objects.purchasable().filter(pk__in=waited_for, stock__on_hand__gt=0)
    with transaction.atomic():
        return _owe(there.order_by("pk").values_list("pk", flat=True))


def forget_told(moment: datetime | None = None) -> int:
    """Keep no address longer than the mail that was sent to it; return how many are gone."""
    before = (moment or timezone.now()) - outbox.KEPT_FOR
    return BackInStock.objects.filter(told__lt=before).delete()[0]
