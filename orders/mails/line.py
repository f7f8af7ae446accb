"""One connection to the mail server for all mails that are sent within a few seconds.

To connect takes three exchanges with a server of the same machine, and with one elsewhere, which
wants encryption and a password, ten times what a mail takes.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from django.core import mail
from django.core.mail import EmailMessage

# "Service not available, closing transmission channel": the mail was not taken (RFC 5321, 4.2.3).
CLOSING = 421


class Line:
    """A connection that is there when it is needed."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, message: EmailMessage) -> None:
        """Send it, or raise what ``EmailMessage.send`` raises; then the next one connects anew."""
        is_new = self._connect()
        try:
            self._hand_over(message)
        except smtplib.SMTPSenderRefused as error:
            if is_new or error.smtp_code != CLOSING:
                raise
            # So many and no more over one connection.
            self._connect()
            self._hand_over(message)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
        self._connection = None

    def _connect(self) -> bool:
        """Have a connection that answers, and tell whether it is a new one."""
        if self._connection is not None and not is_alive(self._connection):
            self.close()
        if self._connection is not None:
            return False
        connection = mail.get_connection()
        connection.open()
        self._connection = connection
        return True

    def _hand_over(self, message: EmailMessage) -> None:
        message.connection = self._connection
        try:
            message.send()
        except Exception:
            # Whatever the server thinks of this mail, the next one begins with a greeting.
            self.close()
            raise


_line: ContextVar[Line | None] = ContextVar("the line to the mail server", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within this, mails go over one connection, which is made for the first of them."""
    line = Line()
    token = _line.set(line)
    try:
        yield
    finally:
        _line.reset(token)
        line.close()


def send(message: EmailMessage) -> None:
    """Send it over the line that is held, or over one of its own."""
    line = _line.get()
    if line is None:
        message.send()
    else:
        line.send(message)


def is_alive(connection: Any) -> bool:
    """Whether the mail server is still there, as far as it can be asked."""
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):
        return True
    try:
        return smtp.noop()[0] == 250
    except OSError:
        return False
