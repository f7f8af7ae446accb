"""What a mail server says of a mail that it does not take."""

import smtplib
from typing import Any


def is_for_good(error: Exception) -> bool:
    """Whether an address or a message is refused for good (RFC 5321, 4.2.1: replies 5yz)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def said(error: Exception) -> str:
    """What the server said, or what broke."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [f"{code} {_as_text(reply)}" for code, reply in error.recipients.values()]
        return "; ".join(replies)[:255]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_as_text(error.smtp_error)}"[:255]
    return f"{type(error).__name__}: {error}"[:255]


def _as_text(reply: Any) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
