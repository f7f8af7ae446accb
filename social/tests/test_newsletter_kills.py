"""Workers that are killed while they send: nobody gets the same issue twice."""

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from social.models import Sending
from social.newsletter import sending
from social.tests.newsletters import make_issue, make_subscriber
from tests.shop import Inbox, Shop, free_port, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

READERS = 60
KILLS = 3


class SlowInbox(Inbox):
    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.has_begun.set()
        # It has the mail, and says so late: whoever dies meanwhile never hears of it.
        self.mails.append(envelope.rcpt_tos[0])
        await asyncio.sleep(0.04)
        return "250 kept"


@pytest.fixture
def inbox():
    inbox = SlowInbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    inbox.port = controller.port
    yield inbox
    controller.stop()


def send_with_kills(folder: Path, inbox: SlowInbox, *options: str) -> tuple[Sending, Counter]:
    """Two processes send at once; both are killed with mails in their hands, again and again."""
    for _number in range(READERS):
        make_subscriber()
    planned = sending.plan(make_issue(), "all", user=None)
    shop = Shop(folder, inbox.port)
    shop.environment["NEWSLETTER_MAILS_PER_MINUTE"] = "0"

    def start() -> None:
        for name in ("one", "two"):
            shop.start(name, "social.tests.newsletter_worker", *options)

    try:
        for _kill in range(KILLS):
            inbox.has_begun.clear()
            start()
            assert inbox.has_begun.wait(timeout=60), shop.log("one")
            time.sleep(0.3)
            for name in ("one", "two"):
                shop.kill(name)
        start()
        done = Sending.objects.filter(pk=planned.pk, state=Sending.State.DONE)
        wait_for(done.exists, f"end: {shop.log('one')}", 120)
    finally:
        shop.stop()
    return planned, Counter(inbox.mails)


def test_whoever_is_killed_nobody_gets_it_twice(tmp_path, inbox):
    planned, came = send_with_kills(tmp_path, inbox)

    assert set(came.values()) == {1}
    counts = sending.figures(planned)
    assert counts.unknown <= KILLS
    assert counts.sent + counts.unknown == READERS
    assert READERS - counts.unknown <= len(came) <= READERS


def test_without_a_claim_before_the_mail_somebody_gets_it_twice(tmp_path, inbox):
    """The control."""
    _planned, came = send_with_kills(tmp_path, inbox, "unguarded")

    assert len(came) == READERS
    assert max(came.values()) > 1
