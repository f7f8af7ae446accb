"""The settings of a run, as a production shop has them."""

import os
import secrets
import sys
from pathlib import Path


def environment(folder: Path) -> dict[str, str]:
    """For ``os.environ``, before Django reads its settings; files of the run lie in the folder."""
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = database_url()
    return {
        "DJANGO_SETTINGS_MODULE": "storefront.settings.production",
        "DATA_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "BASE_URL": "http://localhost",
        "SECURE_SSL_REDIRECT": "0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "DEFAULT_FROM_EMAIL": "shop@example.com",
        "LOG_LEVEL": "ERROR",
        # What is asked in this process is made anew.
        "PAGE_CACHE": "0",
    }


def database_url() -> str:
    """PostgreSQL as the tests find it, else SQLite and a sentence that says so."""
    from tests import services

    if advice := services.missing("postgresql"):
        sys.stderr.write(f"On SQLite, whose work counts as the web processes': {advice}\n")
        return "sqlite:///bench.sqlite3"
    return services.POSTGRES_URL
