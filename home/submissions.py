"""What is sent by forms: kept once, and owed to the shop by mail in the same transaction.

It stays until somebody deletes it in the admin (Forms); of the mail only the number is kept.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Page

from orders import outbox
from orders.limits import Limit
from orders.mails import merchant, sending
from orders.mails.filling import one_line
from orders.mails.kinds import ABOUT_SHOP, MailKind
from orders.mails.letters import Letter
from orders.models import Outbox
from orders.outbox import NoLongerNeededError
from orders.visitors import network_of

# From one place, by all forms together.
LIMIT = Limit("form", most=20)
TOO_MANY = gettext_lazy(
    "So much has come from where you are that we take no more for now. What you wrote is still "
    "here: please send it again in an hour."
)
# The same again from the same browser within so long is the same: somebody clicked twice.
SAME_WITHIN = timedelta(seconds=60)

KIND = MailKind(
    "form_submission",
    label=gettext_lazy("A form was sent"),
    words={"form": gettext_lazy("the title of the form's page"), **ABOUT_SHOP},
    subject=gettext_lazy("Sent to you: {form}"),
    heading=gettext_lazy("{form}"),
    text=gettext_lazy("Somebody has filled in the form “{form}”:"),
    button=gettext_lazy("See all that was sent"),
    is_for_merchant=True,
)


@transaction.atomic
def keep(page: Page, form_data: Mapping[str, Any], place: str) -> FormSubmission | None:
    """Keep what was sent from a place and owe its mail; None if it was sent a moment ago.

    The page's row is held, so that of two at once the second sees what the first wrote.
    """
    Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    key = f"form:{page.pk}:{_digest(form_data, place)}:"
    since = timezone.now() - SAME_WITHIN
    if Outbox.objects.filter(key__startswith=key, created__gt=since).exists():
        return None
    submission = FormSubmission.objects.create(page=page, form_data=form_data)
    outbox.owe(f"{key}{submission.pk}", KIND.slug, submission=submission.pk)
    transaction.on_commit(outbox.ring, robust=True)
    return submission


def place_of(request: HttpRequest) -> str:
    """Where it was sent from; neighbours of one network tell apart by their browsers."""
    return f"{network_of(request)} {request.headers.get('User-Agent', '')}"


def _digest(form_data: Mapping[str, Any], place: str) -> str:
    said = repr([place, sorted(form_data.items())])
    return salted_hmac("home.submissions", said, algorithm="sha256").hexdigest()[:32]


def letter_for(row: Outbox) -> Letter:
    submission = FormSubmission.objects.filter(pk=row.payload["submission"]).first()
    if submission is None:
        raise NoLongerNeededError("what was sent has been deleted")
    page = submission.page.specific
    return Letter(
        kind=KIND,
        language=settings.LANGUAGE_CODE,
        to=page.send_to or _contact_of(page) or merchant.address(),
        words={"form": one_line(page.title)},
        url=settings.BASE_URL + reverse("wagtailforms:list_submissions", args=[page.pk]),
        facts=answers(page.form_fields.all(), submission.form_data),
        reply_to=sender(page.form_fields.all(), submission.form_data),
    )


def example(language: str, to: str) -> Letter:
    return Letter(
        kind=KIND,
        language=language,
        to=to,
        words={"form": _("Write to us")},
        url=settings.BASE_URL + reverse("wagtailforms:index"),
        facts=[(_("Your name"), "Ada Lovelace"), (_("Your message"), _("Do you frame it, too?"))],
    )


def _contact_of(page: Page) -> str:
    from home.models import ShopSettings

    return ShopSettings.for_site(page.get_site()).contact_email


def answers(fields: Iterable[Any], form_data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each question with its answer in words, in the order of the form.

    Answers to fields that the form has no more come last, under the names they were kept by.
    """
    left = dict(form_data)
    found = [
        (one_line(field.label), in_words(left.pop(field.clean_name), field.field_type))
        for field in fields
        if field.clean_name in left
    ]
    return [*found, *((name, in_words(value)) for name, value in left.items())]


def in_words(value: Any, field_type: str = "") -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(one_line(str(one)) for one in value)
    if field_type == "date" and (day := parse_date(str(value))):
        return date_format(day, "DATE_FORMAT")
    if field_type == "datetime" and (moment := parse_datetime(str(value))):
        return date_format(_local(moment), "DATETIME_FORMAT")
    return "\n".join(one_line(line) for line in str(value).splitlines())


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def sender(fields: Iterable[Any], form_data: Mapping[str, Any]) -> str:
    """The address to answer to: what was written into email fields, if that is a single one."""
    given = {form_data.get(field.clean_name) for field in fields if field.field_type == "email"}
    given -= {None, ""}
    if len(given) != 1:
        return ""
    address = str(given.pop())
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def register() -> None:
    sending.register(KIND, sending.Writer(letter_for, lambda row: settings.LANGUAGE_CODE, example))
