"""The second factor of an account: codes of an authenticator app, and recovery codes."""

import base64
import logging

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from qrcode import QRCode

from orders.mails.rendering import shop_name

logger = logging.getLogger(__name__)

# A code holds for its half minute and, as clocks differ, for the ones before and after.
CODE_HOLDS_FOR = 90
# Modules of white that a camera needs around a code (ISO/IEC 18004).
QUIET = 4
LONGEST_CODE = 40


class Adapter(DefaultMFAAdapter):
    """Secrets are kept encrypted with a key of SECRET_KEY, which is in no copy of the database."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Nobody knows this one, so that no code is right; an empty one could be guessed.
            logger.error("a second factor cannot be read: is its SECRET_KEY in the fallbacks?")
            return generate_totp_secret()

    def get_totp_issuer(self) -> str:
        return shop_name()

    def build_totp_svg(self, url: str) -> SafeString:
        """The code as a drawing that needs neither styles nor addresses of data."""
        code = QRCode(border=QUIET)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z"
            for y, row in enumerate(rows)
            for x, is_dark in enumerate(row)
            if is_dark
        )
        return format_html(
            '<svg class="second-factor__code" viewBox="0 0 {0} {0}" role="img" aria-label="{1}"'
            ' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}H0z"/>'
            '<path fill="#000" d="{2}"/></svg>',
            len(rows),
            _("QR code with the key for your authenticator app"),
            path,
        )


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"social.second_factor")
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))


def in_groups(secret: str) -> str:
    """A key as it is easily typed: in groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _ask_for_digits(field: forms.Field, label: object) -> None:
    field.label = label
    field.max_length = LONGEST_CODE
    field.widget.attrs = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "maxlength": LONGEST_CODE,
        "autocapitalize": "off",
        "spellcheck": "false",
    }


class OneTimeCode(BaseAuthenticateForm):
    """No code counts twice while it holds: who has seen one being typed cannot use it as well."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_digits(self.fields["code"], _("Code"))

    def clean_code(self) -> str:
        code = super().clean_code()
        digits = "".join(filter(str.isalnum, code))
        used = salted_hmac("social.second_factor", f"{self.user.pk}:{digits}").hexdigest()
        if not cache.add(f"limit:code:{used}", 1, CODE_HOLDS_FOR):
            raise Adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OneTimeCode, AllauthAuthenticateForm):
    pass


class ReauthenticateForm(OneTimeCode, AllauthReauthenticateForm):
    pass


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_digits(self.fields["code"], _("Code that the app shows"))

    @property
    def key_in_groups(self) -> str:
        return in_groups(self.secret)
