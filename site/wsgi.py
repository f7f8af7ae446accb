"""WSGI entry point for gunicorn and other servers."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from storefront.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, except that a body is always UTF-8.

    It looks a named character set up and fails on some ("rot13", "idna") before any
    middleware could answer; browsers send forms in UTF-8 whatever they say.
    """
    kind, *options = environ.get("CONTENT_TYPE", "").split(";")
    kept = [option for option in options if "charset" not in option.lower()]
    environ["CONTENT_TYPE"] = ";".join([kind, *kept])
    return _django(environ, start_response)


# Imports the broker's client now (it connects nowhere): else the first order waits for it.
_ = celery_app.connection_for_write().transport
