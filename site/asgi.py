"""ASGI entry point for uvicorn, granian and other servers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.embedded")

application = get_asgi_application()
