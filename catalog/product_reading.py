"""What a product's page reads of the database: few statements, each for several of its parts.

Its cards are read in the same statements as its own variants and pictures, where they have to
be read at all.
"""

from functools import cached_property

from catalog import cards, kept, product_pictures, product_story, sku_facts
from catalog.joined import join
from catalog.kept.noting import shown_too
from catalog.models.attributes import ProductAttribute
from catalog.models.products import ProductPage, ProductPicture
from catalog.models.skus import Sku
from catalog.price_history import with_lowest


class Reading:
    """Of a page that is saved; a draft in a preview reads for itself (``product_context``)."""

    def __init__(self, page: ProductPage) -> None:
        self.page = page

    def option_names(self) -> list[str]:
        return self._story.options

    def answers(self) -> list[ProductAttribute]:
        return self._story.answers

    def tags(self) -> list[str]:
        return self._story.tags

    def variants(self) -> list[Sku]:
        """As ``ProductPage.variants``."""
        facts, pictures = self._own
        kept.shows(f"product:{self.page.product_id}")
        if facts:
            kept.until(facts[0].product.price_changes_at)
        found = [sku for sku in facts if sku.is_on_show]
        for sku in found:
            if sku.picture_id:
                join(sku, picture=pictures.by_key.get(sku.picture_id))
        return found

    def pictures(self) -> list[ProductPicture]:
        """The rows of its gallery, with their images and files."""
        kept.shows(*self.page.story_tags)
        return self._own[1].of_page.get(self.page.pk, [])

    def related(self) -> list[cards.Card]:
        kept.shows(*self.page.story_tags)
        if self._related is None:
            return cards.cards_of_keys(self._story.related)
        found, notes = self._related
        shown_too(notes)
        return found

    # Read with what is its own.
    _related: tuple[list[cards.Card], kept.Notes] | None = None

    @property
    def _story(self) -> product_story.Story:
        return product_story.of(self.page)

    @cached_property
    def _own(self) -> tuple[list[Sku], product_pictures.Pictures]:
        along = cards.Along(self.page)
        if self.page.product_id is None:
            return [], product_pictures.of_cards((), self.page)
        with kept.noting() as notes:
            self._related = cards.cards_of_keys(self._story.related, along), notes
        if along.facts is None or along.pictures is None:
            along.facts = sku_facts.of_products([self.page.product_id])
            with_lowest([sku for sku in along.facts if sku.is_on_show])
            along.pictures = product_pictures.of_cards((), self.page)
        return along.facts, along.pictures
