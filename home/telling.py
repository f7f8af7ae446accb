"""Tell what is kept (``catalog.kept``) when what stands around all pages has changed."""

from catalog.telling import frame_changed
from home.models import Announcement, Menu, ShopSettings


def connect() -> None:
    from django.db.models.signals import post_delete, post_save

    for model in (Announcement, Menu, ShopSettings):
        post_save.connect(frame_changed, sender=model)
        post_delete.connect(frame_changed, sender=model)
