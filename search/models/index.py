"""The index: by which words each page is found, and what is left to be looked at again.

The words of pages that are live; whether everybody may see them is asked of the pages
themselves, in the same query. Both databases have an index of their own over these words,
which the migration makes: SQLite a full-text table that triggers keep, PostgreSQL two columns
that it computes. A migration that has SQLite copy the table must make the triggers again.
"""

from django.db import models
from django.utils import timezone
from wagtail.models import Locale, Page

from catalog.models import ProductPage


class Entry(models.Model):
    """The words of one live page, cut by ``search.words``: a space before and after each."""

    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    # "=product1": what kind of page in which locale; no word of a text begins with "=".
    scope = models.CharField(max_length=64, db_index=True)
    title = models.TextField()
    codes = models.TextField()
    # Brand, tags, options and attributes.
    labels = models.TextField()
    # Last, because ranking reads all before it and not the longest.
    body = models.TextField()
    written = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.scope} {self.page_id}"


class Word(models.Model):
    """A word of the public shop as it is spelt there, for those who spell it otherwise."""

    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["locale", "word"], name="search_word_once"),
        ]

    def __str__(self) -> str:
        return self.word


class Gram(models.Model):
    """Some neighbouring letters of a word: words that share many of them are alike."""

    gram = models.CharField(max_length=8)
    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        indexes = [models.Index(fields=["gram", "word"], name="search_gram_word")]

    def __str__(self) -> str:
        return self.gram


class Pending(models.Model):
    """A page, or all with something in common, whose words may have changed.

    Written in the transaction that changes them, so that none is forgotten. A page that is
    named twice is looked at once.
    """

    class What(models.TextChoices):
        PAGE = "page"
        BRAND = "brand"
        TAG = "tag"
        # A page that the service of SEARCH_URL has to be told of.
        TELL = "tell"

    what = models.CharField(max_length=8, choices=What, default=What.PAGE)
    key = models.PositiveBigIntegerField()
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.what} {self.key}"


# What ``kind`` of page a search speaks of; whatever is not here is a "page".
PRODUCT = "product"
KINDS = {
    ProductPage._meta.label_lower: PRODUCT,
    "catalog.categorypage": "category",
    "catalog.collectionpage": "collection",
    "home.articlepage": "article",
}
OTHER_KINDS = ("category", "collection", "article", "page")


def scope(kind: str, locale: int) -> str:
    return f"={kind}{locale}"
