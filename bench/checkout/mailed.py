"""What came into the inbox, and whether it is one mail for each shopper."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from bench.checkout.shop import BenchShop
from orders.models import Outbox
from tests.shop import wait_for

# Longer than a lease, for those that were being sent when the last worker died.
SECONDS_TO_MAIL = 400.0
# Nothing more comes when nothing has come for so long.
SILENCE = 20.0


@dataclass(frozen=True)
class Mailed:
    different: int
    again: int
    # Orders whose mails are not the same mail.
    contradictory: int


def mailed(shop: BenchShop) -> Mailed:
    mails: dict[str, list[EmailMessage]] = defaultdict(list)
    for mail in shop.inbox.mails:
        mails[mail["To"]].append(mail)
    return Mailed(
        different=len({mail["Message-ID"] for mail in shop.inbox.mails}),
        again=len(shop.inbox.mails) - len(mails),
        contradictory=sum(len({_said(mail) for mail in same}) > 1 for same in mails.values()),
    )


def wait_until_sent(shop: BenchShop) -> None:
    waiting = Outbox.objects.filter(kind="order_placed").exclude(state=Outbox.State.SENT)
    wait_for(lambda: not waiting.exists(), f"end: {shop.log('worker')}", SECONDS_TO_MAIL)


def wait_for_silence(shop: BenchShop, is_queued: Callable[[], object]) -> None:
    """Until no mail has come for a while and none is queued for a worker."""
    came, since = -1, time.monotonic()
    while time.monotonic() - since < SILENCE or is_queued():
        if len(shop.inbox.mails) != came:
            came, since = len(shop.inbox.mails), time.monotonic()
        time.sleep(0.2)


def _said(mail: EmailMessage) -> tuple[str, ...]:
    texts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return (mail["Message-ID"], mail["Subject"], *texts)
