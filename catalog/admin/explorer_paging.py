"""Pages of a long listing: first the keys of the rows to show, then these rows alone.

A database that skips 99,950 rows also works out everything that was asked about them;
asked for their keys it skips them in a tenth of the time, and counting from the nearer end
halves that.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page as ListPage
from django.db.models import QuerySet
from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator


class KeyPaginator(WagtailPaginator):
    """Pages of a queryset in a total order; ``load`` reads the rows of the keys it is given."""

    def __init__(
        self,
        queryset: QuerySet,
        per_page: int,
        *,
        load: Callable[[Sequence[int]], Sequence[Any]],
        **options: Any,
    ) -> None:
        super().__init__(queryset, per_page, **options)
        self.load = load

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().count()

    def page(self, number: int | str) -> ListPage:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        return self._get_page(self.load(self.keys(start, end)), number, self)

    def keys(self, start: int, end: int) -> list[int]:
        """Keys of the rows from ``start`` up to ``end``, read from whichever end is nearer."""
        keys = self.object_list.values_list("pk", flat=True)
        if start <= self.count - end:
            return list(keys[start:end])
        return list(keys.reverse()[self.count - end : self.count - start])[::-1]
