"""One machine, nothing to install: what ``make run`` and every entry point use by default.

SQLite, files under ``var/`` and a private Redis. Any part can be replaced by
its environment variable; see docs/settings.md.
"""

import os
import secrets
from contextlib import suppress
from tempfile import NamedTemporaryFile

from storefront.embedded_redis import socket_path

from .base import *
from .base import CACHES, DATA_DIR, MIDDLEWARE, env


def _kept_secret_key() -> str:
    """The key of this folder, made at first use so that sessions survive a restart."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=DATA_DIR, prefix=".secret_key") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            # A link appears whole or not at all, and the first of two processes wins.
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

_socket = socket_path(DATA_DIR)
REDIS_URL = env.str("REDIS_URL", default=f"unix://{_socket}?db=1")
CACHES["default"]["LOCATION"] = REDIS_URL
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=f"redis+socket://{_socket}?virtual_host=0")

if "EMAIL_URL" not in env.ENVIRON:
    EMAIL_BACKEND = "orders.inbox.InboxBackend"

# The shop's own files are collected at each start of ``make run``, which takes a moment; those
# of the admin, fifty times as many, are served by WhiteNoise straight from the apps' folders.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "storefront.static_files.OwnStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
NOT_COLLECTED_AT_START = ["account", "admin", "flags", "mfa", "wagtail*"]
SERVE_MEDIA = True

# After WhiteNoise, which has its files compressed already.
MIDDLEWARE.insert(2, "storefront.compression.CompressedTextMiddleware")
