"""What products share: categories, brands and tags, each found or made once.

They are made outside the transaction of the product that is first to need them,
so that one that fails takes nothing from the others. Another import, or an editor, may
make the same at the same moment: then theirs is taken.
"""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext
from taggit.models import Tag
from wagtail.models import Page

from catalog.addresses import is_taken, is_top
from catalog.models import Brand, CategoryPage

from .dry import pretend


class Shelves:
    def __init__(self, parent: Page, *, is_dry: bool = False) -> None:
        self.parent, self.is_dry = parent, is_dry
        self._categories: dict[str, CategoryPage] | None = None
        self._brands: dict[str, Brand] | None = None
        self._tags: dict[str, Tag] = {}

    def category(self, title: str) -> CategoryPage:
        """The category of this title anywhere below the parent, else a new one right below it."""
        if self._categories is None:
            self._categories = self._all_categories()
        title = title or gettext("Uncategorized")
        key = title.casefold()
        if key not in self._categories:
            self._categories[key] = self._make_category(title)
        return self._categories[key]

    def _all_categories(self) -> dict[str, CategoryPage]:
        found = CategoryPage.objects.descendant_of(self.parent, inclusive=True)
        # The one nearest to the parent comes last and so is the one that is kept.
        return {page.title.casefold(): page for page in found.order_by("-path")}

    def _make_category(self, title: str) -> CategoryPage:
        page = CategoryPage(title=title, show_in_menus=True, locale=self.parent.locale)
        if self.is_dry:
            return pretend(page)
        page.slug = slugify(title, allow_unicode=True)
        if not page.slug:
            page.slug = page.translation_key.hex[:8]
        elif is_top(self.parent) and is_taken(page.slug):
            page.slug = f"{page.slug}-category"
        else:
            # Wagtail numbers it where another page has it already.
            page.slug = ""
        with transaction.atomic():
            # Whoever adds a page here waits; what came before that is seen from here on.
            Page.objects.select_for_update().get(pk=self.parent.pk)
            if rival := self._all_categories().get(title.casefold()):
                return rival
            self.parent.add_child(instance=page)
        return page

    def brand(self, name: str) -> Brand:
        if self._brands is None:
            self._brands = {brand.name.casefold(): brand for brand in Brand.objects.all()}
        key = name.casefold()
        if key not in self._brands:
            self._brands[key] = self._make_brand(name)
        return self._brands[key]

    def _make_brand(self, name: str) -> Brand:
        if self.is_dry:
            return pretend(Brand(name=name))
        return Brand.objects.get_or_create(name=name)[0]

    def tags(self, names: Collection[str]) -> list[Tag]:
        """Tags without regard to case: "Wool" is the "wool" there is already."""
        if not self._tags and names:
            self._tags = {tag.name.casefold(): tag for tag in Tag.objects.order_by("-pk")}
        for name in names:
            if name.casefold() not in self._tags:
                self._tags[name.casefold()] = self._make_tag(name)
        return [self._tags[name.casefold()] for name in names]

    def _make_tag(self, name: str) -> Tag:
        if self.is_dry:
            return pretend(Tag(name=name))
        try:
            with transaction.atomic():
                return Tag.objects.create(name=name)
        except IntegrityError:
            return Tag.objects.get(name=name)
