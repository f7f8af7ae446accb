"""Insert many Wagtail pages at once: Django's bulk_create knows no models with a parent's table."""

from typing import Any

from wagtail.models import Page


def insert_pages(pages: list[Any]) -> None:
    """Write rows of both tables of pages of one kind, which are complete, and set their keys."""
    model = type(pages[0])
    fields = [field for field in Page._meta.concrete_fields if not field.primary_key]
    parents = Page.objects.bulk_create(
        Page(**{field.attname: getattr(page, field.attname) for field in fields}) for page in pages
    )
    for page, parent in zip(pages, parents, strict=True):
        page.pk = page.page_ptr_id = parent.pk
    own = model._meta.local_concrete_fields
    model._base_manager._insert(pages, fields=own, using="default", raw=True)
