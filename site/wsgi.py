"""WSGI entry point for gunicorn and other servers."""

import os

from django.core.wsgi import get_wsgi_application

from storefront.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")

application = get_wsgi_application()

# Imports the broker's client now (it connects nowhere): else the first order waits for it.
_ = celery_app.connection_for_write().transport
