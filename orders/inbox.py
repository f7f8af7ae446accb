"""The default inbox: each mail is a file that any mail program opens, listed in the admin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.text import get_valid_filename


def folder() -> Path:
    return Path(settings.DATA_DIR) / "mail"


class InboxBackend(BaseEmailBackend):
    """Write each mail to a file of its own; sent twice, it overwrites itself (same Message-ID)."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder().mkdir(parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            name = get_valid_filename(message["Message-ID"].strip("<>"))
            unfinished = folder() / f".{name}.{uuid4().hex}"
            unfinished.write_bytes(message.as_bytes())
            unfinished.replace(folder() / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """One mail of the inbox, as an operator reads it."""

    name: str
    subject: str
    sender: str
    to: str
    date: datetime
    text: str
    html: str


def mails() -> Iterator[str]:
    """The names of all mails, newest first."""
    files = sorted(folder().glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return (file.stem for file in files)


def read(name: str) -> Mail | None:
    """The mail of that name, or None if there is none; a name cannot leave the folder."""
    file = folder() / f"{name}.eml"
    if file.parent != folder() or not file.is_file():
        return None
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    try:
        date = parsedate_to_datetime(message["Date"])
    except (TypeError, ValueError):
        date = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Mail(
        name=name,
        subject=message["Subject"] or "",
        sender=message["From"] or "",
        to=message["To"] or "",
        date=date,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: ParsedMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return body.get_content() if body else ""
