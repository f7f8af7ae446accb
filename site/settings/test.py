"""The suite: fast hashing, nothing outside the process, on SQLite or on DATABASE_URL."""

from pathlib import Path
from tempfile import TemporaryDirectory

from .base import *
from .base import DATABASES

SECRET_KEY = "for-tests-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
SERVE_MEDIA = True
# Tests undo what they write, which no page would hear of.
PAGE_CACHE = False
WHITENOISE_AUTOREFRESH = True

# Removed with the process, because this name holds it until then.
_temporary = TemporaryDirectory(prefix="storefront-test-")
_folder = Path(_temporary.name)
MEDIA_ROOT = _folder / "media"
# Nobody listens there; tests that want a Redis start one (conftest.a_redis).
REDIS_URL = f"unix://{_folder}/no-redis.sock"
DATA_DIR = _folder
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because threads that race need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
