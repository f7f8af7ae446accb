"""Pages that blocks point to: those that everybody may see, in the language of the page."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from wagtail.models import Locale, Page

from catalog.gathering import HOME_DEPTH
from catalog.visibility import public_of_many

NOTHING = Q(pk__in=())


class Reader:
    """Reads for the blocks of one page, in its language and below its home page."""

    def __init__(self, page: Page | None) -> None:
        self.locale = page.locale_id if page else Locale.get_active().pk
        path = page.path if page else ""
        self.home_path = path[: HOME_DEPTH * Page.steplen]

    def visible(self, model: type[Page]) -> QuerySet[Any]:
        return public_of_many(model.objects).select_related("locale")

    def chosen(self, model: type[Page], keys: Iterable[int], others: Q = NOTHING) -> QuerySet[Any]:
        """The pages of the keys, their translations, and ``others``; aliases come last."""
        same = model.objects.filter(pk__in=keys).values("translation_key")
        return self.meeting(model, Q(translation_key__in=same) | others)

    def meeting(self, model: type[Page], condition: Q) -> QuerySet[Any]:
        """The visible pages that meet it; aliases come last."""
        pages = self.visible(model).filter(condition)
        return pages.order_by(F("alias_of").asc(nulls_first=True), "path")

    def by_key(self, rows: Iterable[Any]) -> dict[int, Any]:
        """By the key of each row the same page in this language, if there is one."""
        rows = list(rows)
        local = {row.translation_key: row for row in rows if row.locale_id == self.locale}
        return {row.pk: local.get(row.translation_key, row) for row in rows}
