"""What products share: categories, brands and tags, each found or made once.

They are made outside the transaction of the product that is first to need them,
so that one that fails takes nothing from the others.
"""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext
from taggit.models import Tag
from wagtail.models import Page

from catalog.addresses import is_taken, is_top
from catalog.models import Brand, CategoryPage


class Shelves:
    def __init__(self, parent: Page) -> None:
        self.parent = parent
        self._categories: dict[str, CategoryPage] | None = None
        self._brands: dict[str, Brand] | None = None
        self._tags: dict[str, Tag] = {}

    def category(self, title: str) -> CategoryPage:
        """The category of this title anywhere below the parent, else a new one right below it."""
        if self._categories is None:
            found = CategoryPage.objects.descendant_of(self.parent, inclusive=True)
            # The one nearest to the parent comes last and so is the one that is kept.
            self._categories = {page.title.casefold(): page for page in found.order_by("-path")}
        title = title or gettext("Uncategorized")
        page = self._categories.get(title.casefold())
        if page is None:
            page = CategoryPage(title=title, show_in_menus=True, locale=self.parent.locale)
            page.slug = slugify(title, allow_unicode=True)
            if not page.slug:
                page.slug = page.translation_key.hex[:8]
            elif is_top(self.parent) and is_taken(page.slug):
                page.slug = f"{page.slug}-category"
            else:
                # Wagtail numbers it where another page has it already.
                page.slug = ""
            with transaction.atomic():
                self.parent.add_child(instance=page)
            self._categories[title.casefold()] = page
        return page

    def brand(self, name: str) -> Brand:
        if self._brands is None:
            self._brands = {brand.name.casefold(): brand for brand in Brand.objects.all()}
        if name.casefold() not in self._brands:
            self._brands[name.casefold()] = Brand.objects.create(name=name)
        return self._brands[name.casefold()]

    def tags(self, names: list[str]) -> list[Tag]:
        """Tags without regard to case: "Wool" is the "wool" there is already."""
        missing = [name for name in names if name.casefold() not in self._tags]
        if missing:
            if not self._tags:
                self._tags = {tag.name.casefold(): tag for tag in Tag.objects.order_by("-pk")}
            for name in missing:
                if name.casefold() not in self._tags:
                    self._tags[name.casefold()] = Tag.objects.create(name=name)
        return [self._tags[name.casefold()] for name in names]
