"""What mails about accounts say, until the merchant has other words for it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from orders.mails.kinds import ABOUT_SHOP, GREETING, MailKind, Text

_NAME: Mapping[str, Text] = {"name": _("the member's username")}
_EMAIL: Mapping[str, Text] = {"email": _("the email address that it is about")}
_CHANGE: Mapping[str, Text] = {
    **_NAME,
    "date": _("when it was"),
    "device": _("with which device, such as: Firefox on Windows"),
    **ABOUT_SHOP,
}
_NOT_ME = _("This was not me: set a new password")

CONFIRM = MailKind(
    "account_confirm",
    label=_("Account: confirm the address"),
    words={**_NAME, **_EMAIL, **ABOUT_SHOP},
    subject=_("Please confirm your email address at {shop}"),
    heading=_("Welcome, {name}"),
    text=_(
        "One step is left: confirm that {email} is your address. The link holds for three days.\n\n"
        "You did not sign up at {shop}? Then somebody has mistyped theirs, and you need not "
        "do anything."
    ),
    closing=GREETING,
    button=_("Confirm my address"),
)
CONFIRM_NEW = MailKind(
    "account_confirm_new",
    label=_("Account: confirm a new address"),
    words={**_NAME, **_EMAIL, **ABOUT_SHOP},
    subject=_("Please confirm your new email address at {shop}"),
    heading=_("Your new address"),
    text=_(
        "The account {name} is to have the address {email} from now on. Please confirm that it "
        "is yours; until then nothing changes. The link holds for three days.\n\n"
        "You have no such account? Then you need not do anything."
    ),
    closing=GREETING,
    button=_("Confirm my new address"),
)
RESET = MailKind(
    "account_reset",
    label=_("Account: set a new password"),
    words={**_NAME, **ABOUT_SHOP},
    subject=_("Set a new password at {shop}"),
    heading=_("Set a new password"),
    text=_(
        "Somebody has asked for a new password for your account {name}. If it was you, choose "
        "one now.\n\nOtherwise you need not do anything: your password stays as it is."
    ),
    closing=GREETING,
    button=_("Choose a new password"),
)
UNKNOWN = MailKind(
    "account_unknown",
    label=_("Account: new password for an unknown address"),
    words={**_EMAIL, **ABOUT_SHOP},
    subject=_("No account with this address at {shop}"),
    heading=_("There is no account with this address"),
    text=_(
        "Somebody has asked for a new password for {email}, but no account at {shop} has this "
        "address. If it was you, you may have signed up with another one.\n\n"
        "Otherwise you need not do anything."
    ),
    closing=GREETING,
    button=_("Sign up"),
)
EXISTS = MailKind(
    "account_exists",
    label=_("Account: sign-up with an address that has one"),
    words={**_EMAIL, **ABOUT_SHOP},
    subject=_("You already have an account at {shop}"),
    heading=_("You already have an account"),
    text=_(
        "Somebody has tried to sign up with {email}, which has an account at {shop} already. If "
        "it was you, log in with the password that you have, or choose a new one.\n\n"
        "Otherwise you need not do anything."
    ),
    closing=GREETING,
    button=_("Choose a new password"),
)
PASSWORD_CHANGED = MailKind(
    "account_password_changed",
    label=_("Account: the password was changed"),
    words=_CHANGE,
    subject=_("Your password at {shop} was changed"),
    heading=_("Your password was changed"),
    text=_("The password of your account {name} was changed on {date}, with {device}."),
    closing=GREETING,
    button=_NOT_ME,
)
EMAIL_CHANGED = MailKind(
    "account_email_changed",
    label=_("Account: the address was changed (to the former one)"),
    words=_CHANGE,
    subject=_("Your email address at {shop} was changed"),
    heading=_("Your email address was changed"),
    text=_(
        "Your account {name} has had another email address since {date}; it was confirmed with "
        "{device}. This one is not used for it any more.\n\n"
        "If this was not you, please write to us at once."
    ),
    closing=GREETING,
)
FACTOR_ON = MailKind(
    "account_second_factor_on",
    label=_("Account: the second factor was switched on"),
    words=_CHANGE,
    subject=_("Your account at {shop} has a second factor now"),
    heading=_("The second factor is on"),
    text=_(
        "To log in to your account {name}, a code of your authenticator app is needed from now "
        "on. It was switched on on {date}, with {device}."
    ),
    closing=GREETING,
    button=_NOT_ME,
)
FACTOR_OFF = MailKind(
    "account_second_factor_off",
    label=_("Account: the second factor was switched off"),
    words=_CHANGE,
    subject=_("The second factor of your account at {shop} is off"),
    heading=_("The second factor is off"),
    text=_(
        "To log in to your account {name}, the password is enough from now on. The second factor "
        "was switched off on {date}, with {device}."
    ),
    closing=GREETING,
    button=_NOT_ME,
)
NEW_CODES = MailKind(
    "account_new_codes",
    label=_("Account: new recovery codes"),
    words=_CHANGE,
    subject=_("New recovery codes for your account at {shop}"),
    heading=_("You have new recovery codes"),
    text=_(
        "New recovery codes were made for your account {name} on {date}, with {device}. The "
        "former ones do not work any more."
    ),
    closing=GREETING,
    button=_NOT_ME,
)

NEWS = [PASSWORD_CHANGED, EMAIL_CHANGED, FACTOR_ON, FACTOR_OFF, NEW_CODES]
ALL = [CONFIRM, CONFIRM_NEW, RESET, UNKNOWN, EXISTS, *NEWS]
