"""Many new pages in Wagtail's indexes at once: what they refer to, and the words they are found by.

Wagtail indexes a page as it is saved, with a few queries for each of its relations. For
pages whose relations are all in memory this is one statement for each index.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Avg, Count, F, FloatField, Value
from django.db.models.functions import Length
from modelsearch.backends import get_search_backends_with_name
from modelsearch.utils import get_content_type_pk
from wagtail.models import Page, ReferenceIndex

from catalog.models import ProductPage

from .inserting import inserted

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Reference:
    """A row of ``ReferenceIndex``."""

    content_type_id: int
    base_content_type_id: int
    object_id: str
    to_content_type_id: int
    to_object_id: str
    model_path: str
    content_path: str
    content_path_hash: uuid.UUID


def add_references(pages: Sequence[ProductPage]) -> None:
    """As ``ReferenceIndex.create_or_update_for_object`` for pages that have no rows there yet."""
    of_page = ContentType.objects.get_for_model(Page, for_concrete_model=False).pk
    of_product = ContentType.objects.get_for_model(ProductPage, for_concrete_model=False).pk
    # Of all pages the same, but for the rows that belong to them.
    hashed = cache(ReferenceIndex._get_content_path_hash)
    rows = [
        _Reference(
            *(of_product, of_page, str(page.pk)),
            *(to_type, to_key, model_path, content_path),
            hashed(content_path),
        )
        for page in pages
        for to_type, to_key, model_path, content_path in dict.fromkeys(
            ReferenceIndex._extract_references_from_object(page)
        )
    ]
    columns = [field for field in ReferenceIndex._meta.concrete_fields if not field.primary_key]
    inserted(ReferenceIndex, columns, rows)


class Search:
    """The search backends that want to know of new pages; made once for an import.

    A database index weighs titles by their average length. It reads all of its entries for
    the average, and once more for those that are new, after every change: with each page
    there are, the next one would cost more. Here the average is asked for again once there
    are twice as many entries, and only the new ones are looked up.
    """

    def __init__(self) -> None:
        self._average = 0.0
        # For so many more entries the average is taken to be the same.
        self._lasts = 0

    def add(self, pages: Sequence[ProductPage]) -> None:
        """As Wagtail does after each page that is saved."""
        for name, backend in get_search_backends_with_name(with_auto_update=True):
            index = backend.get_index_for_model(ProductPage)
            if hasattr(index, "_refresh_title_norms"):
                # This is an instance of its own, which nobody else has.
                index._refresh_title_norms = partial(self._weigh, index, pages)
            try:
                index.add_items(ProductPage, pages)
            except Exception:
                logger.exception("The %s search backend refused %d new pages", name, len(pages))
                # What is in the same database cannot go on after an error; another service can.
                if not backend.catch_indexing_errors:
                    raise

    def _weigh(self, index: Any, pages: Sequence[ProductPage]) -> None:
        titled = index.entries.annotate(length=Length("title")).filter(length__gt=0)
        if self._lasts <= 0:
            found = titled.aggregate(average=Avg("length"), number=Count("pk"))
            self._average, self._lasts = found["average"], found["number"]
        self._lasts -= len(pages)
        new = titled.filter(
            content_type_id=get_content_type_pk(ProductPage),
            object_id__in=[str(page.pk) for page in pages],
        )
        new.update(title_norm=Value(self._average, FloatField()) / F("length"))
