"""One machine, nothing to install: what ``make run`` and every entry point use by default.

SQLite, files under ``var/`` and a private Redis. Any part can be replaced by
its environment variable; see docs/settings.md.
"""

import secrets

from storefront.embedded_redis import socket_path

from .base import *
from .base import CACHES, DATA_DIR, env


def _kept_secret_key() -> str:
    """The key of this folder, made at first use so that sessions survive a restart."""
    path = DATA_DIR / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

_socket = socket_path(DATA_DIR)
REDIS_URL = env.str("REDIS_URL", default=f"unix://{_socket}?db=1")
CACHES["default"]["LOCATION"] = REDIS_URL
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=f"redis+socket://{_socket}?virtual_host=0")

if "EMAIL_URL" not in env.ENVIRON:
    EMAIL_BACKEND = "orders.inbox.InboxBackend"

# Served by WhiteNoise straight from the apps' folders: no collectstatic to wait for.
WHITENOISE_USE_FINDERS = True
SERVE_MEDIA = True
