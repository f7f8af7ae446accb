"""Which usernames a new account may have: what others read, and what stands in addresses."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

SHORTEST, LONGEST = 3, 150
# Who has one of these would be taken for the shop.
_RESERVED = """
abuse account accounts admin administrator anonymous api billing contact everybody everyone help
helpdesk hostmaster info login logout mail me members moderator newsletter nobody noreply no-reply
null office official operator orders owner payment payments people postmaster root security
service settings shop signup staff stream storefront support sysadmin system team undefined user
users wagtail webmaster www
"""
RESERVED = frozenset(_RESERVED.split())

# No "@", so that a name is never mistaken for an email address at login.
VALIDATORS = [
    RegexValidator(
        r"^\w[\w.+-]*\Z",
        _(
            "A username has letters, digits and . + - _ only, no spaces and no @, "
            "and begins with a letter or a digit."
        ),
        code="invalid",
    )
]


def normal(name: str) -> str:
    """One spelling for what looks the same (UAX #15, NFKC): full-width letters, ligatures."""
    return unicodedata.normalize("NFKC", name.strip())


def refuse_reserved(name: str) -> None:
    """Refuse names of the shop's own people, and what is an address below the members' list."""
    if name.casefold() in RESERVED or name.casefold() in _addresses():
        raise ValidationError(_("This username is reserved. Please choose another."), "reserved")


def _addresses() -> set[str]:
    """First words of addresses below the list of members, where profiles stand as well."""
    from social.urls.people import urlpatterns

    return {str(pattern.pattern).partition("/")[0].casefold() for pattern in urlpatterns}


def same_name(users: QuerySet, name: str) -> QuerySet:
    """Those who have this name, whatever its capitals, in any alphabet.

    SQLite knows capitals of English letters only, except where Python looks for it.
    """
    if connection.vendor == "sqlite" and not name.isascii():
        return users.filter(username__iregex=f"^{re.escape(name)}$")
    return users.filter(username__iexact=name)
