"""Mails go over one connection as long as the server keeps it, and each leaves once."""

import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.core.mail import EmailMessage

from catalog.tests.factories import make_sku
from orders import outbox
from orders.mails import line
from orders.models import Outbox
from orders.tests.factories import order_for
from tests.shop import free_port


class Server(Controller):
    """Takes mails, and does as it is told with the ones whose numbers are named."""

    def __init__(self, most_over_one: int = 1_000) -> None:
        self.most_over_one = most_over_one
        self.connections, self.mails = 0, []
        self.refuses: dict[int, str] = {}
        self.hangs_up_after: set[int] = set()
        super().__init__(self, hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        self.connections += 1
        return super().factory()

    async def handle_MAIL(self, _server, session, envelope, address, options) -> str:  # noqa: N802
        session.number = getattr(session, "number", 0) + 1
        if session.number > self.most_over_one:
            return "421 so many and no more"
        envelope.mail_from = address
        return "250 ok"

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        number = len(self.mails) + 1
        if answer := self.refuses.pop(number, ""):
            return answer
        self.mails.append(envelope.rcpt_tos[0])
        if number in self.hangs_up_after:
            server.loop.call_later(0.02, server.transport.close)
        return "250 kept"


@pytest.fixture
def started(settings):
    servers = []

    def start(**options) -> Server:
        server = Server(**options)
        server.start()
        servers.append(server)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        # The test itself asks for the port once to know that it is there.
        server.connections = 0
        return server

    yield start
    for server in servers:
        server.stop()


def post(number: int) -> None:
    line.send(EmailMessage("Hello", "Word", "shop@example.com", [f"{number}@example.com"]))


def to(*numbers: int) -> list[str]:
    return [f"{number}@example.com" for number in numbers]


def test_mails_go_over_one_connection_and_without_a_line_over_one_each(started):
    server = started()

    with line.held():
        assert server.connections == 0
        for number in range(5):
            post(number)
    assert server.connections == 1
    post(5)
    post(6)
    assert server.connections == 3
    assert server.mails == to(*range(7))


def test_a_server_that_takes_few_mails_over_one_connection_gets_all_of_them_once(started):
    server = started(most_over_one=2)

    with line.held():
        for number in range(5):
            post(number)
    assert server.mails == to(*range(5))
    assert server.connections == 3


def test_a_server_that_hangs_up_is_called_again(started):
    server = started()
    server.hangs_up_after = {1, 2}

    with line.held():
        for number in range(3):
            post(number)
            time.sleep(0.1)
    assert server.mails == to(0, 1, 2)
    assert server.connections == 3


def test_a_refused_mail_says_why_and_the_next_one_goes(started):
    server = started()
    server.refuses = {2: "554 no spam"}

    with line.held():
        post(0)
        with pytest.raises(OSError, match="no spam"):
            post(1)
        post(2)
    assert server.mails == to(0, 2)


def test_a_first_mail_that_is_not_wanted_is_not_tried_twice(started):
    server = started(most_over_one=0)

    with line.held(), pytest.raises(OSError, match="no more"):
        post(0)
    assert server.connections == 1


@pytest.mark.django_db
def test_a_drain_sends_all_its_mails_over_one_connection(started):
    server = started()
    for _ in range(3):
        order_for({make_sku(): 1})
    Outbox.objects.exclude(kind=outbox.ORDER_PLACED).delete()

    assert outbox.drain() == 3
    assert (server.connections, len(server.mails)) == (1, 3)
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}
    assert outbox.drain() == 0
    assert server.connections == 1
