"""For a real server: chosen by DJANGO_SETTINGS_MODULE, refuses to start half configured."""

from django.core.exceptions import ImproperlyConfigured

from .base import *
from .base import BASE_URL, env

DEBUG = False

SECRET_KEY = env.str("SECRET_KEY", default="")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
    raise ImproperlyConfigured(
        "Set SECRET_KEY to at least 50 random characters, for example from: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "Set ALLOWED_HOSTS to the host names of the shop, separated by commas; '*' is refused."
    )
if not BASE_URL.startswith(("https://", "http://")) or "BASE_URL" not in env.ENVIRON:
    raise ImproperlyConfigured(
        "Set BASE_URL to the public address of the shop, such as https://shop.example.com"
    )

if "EMAIL_URL" not in env.ENVIRON:
    raise ImproperlyConfigured(
        "Set EMAIL_URL to the mail server, such as smtp+tls://user:password@mail.example.com:587"
    )
if "DEFAULT_FROM_EMAIL" not in env.ENVIRON:
    raise ImproperlyConfigured(
        "Set DEFAULT_FROM_EMAIL to the sender of the shop's mails, such as shop@example.com"
    )

CSRF_TRUSTED_ORIGINS = [
    f"https://*{host}" if host.startswith(".") else f"https://{host}" for host in ALLOWED_HOSTS
]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
# These bind every other host of the domain for a year, so the owner has to ask for them.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "storefront.static_files.ShopStaticFilesStorage"},
}
SERVE_MEDIA = False
