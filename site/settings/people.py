"""Accounts: django-allauth signs up, logs in, confirms addresses and asks for a second factor."""

AUTH_USER_MODEL = "social.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    # Logs in by email address as well.
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

ACCOUNT_ADAPTER = "social.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_VALIDATORS = "social.names.VALIDATORS"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A link that a mail program opens to look at it must not confirm anything.
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
# One address, changed by confirming the new one; the old one is told.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
# The login page decides by itself: somebody else may want to log in, or the admin is shut.
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "social.account_forms.LoginForm",
    "signup": "social.account_forms.SignupForm",
    "add_email": "social.account_forms.AddEmailForm",
    "change_password": "social.account_forms.ChangePasswordForm",
    "set_password": "social.account_forms.SetPasswordForm",
    "reset_password": "social.account_forms.ResetPasswordForm",
    "reset_password_from_key": "social.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "social.account_forms.ReauthenticateForm",
}
# Beside allauth's own (logins, changes of passwords): no mailbox is filled with our mails.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip,200/d/ip",
    "reset_password": "20/m/ip,3/10m/key,10/d/key",
    "manage_email": "10/m/user,50/d/user",
}
# The words after the shop's name come from the mail itself.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

MFA_ADAPTER = "social.second_factor.Adapter"
MFA_FORMS = {
    "authenticate": "social.second_factor.AuthenticateForm",
    "reauthenticate": "social.second_factor.ReauthenticateForm",
    "activate_totp": "social.second_factor.ActivateForm",
}
# Nobody gets in before their address is proven, so that a change that waits for proof is harmless.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Clocks of telephones are off by a few seconds.
MFA_TOTP_TOLERANCE = 1

# Addresses, passwords and sessions are changed in one place, by the account's own pages.
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
