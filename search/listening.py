"""What changes the words by which pages are found, and who says so."""

from typing import Any

from wagtail.search import index

from catalog import kept
from catalog.models import ProductPage, ProductTag
from catalog.telling import OF_DRAFTS
from search import indexing
from search.engines import engine
from search.models.index import Pending


def page_saved(sender: Any, instance: Any, update_fields: Any = None, **more: Any) -> None:
    """Of any page: the models that are listened to are all kinds of them."""
    if update_fields is not None and set(update_fields) <= OF_DRAFTS:
        return
    if not more.get("raw") and not getattr(sender, "search_auto_update", True):
        index.insert_or_update_object(instance)
    if instance.live:
        indexing.page_changed(instance.pk)
        # Published, it is told of again in a moment.
        instance.words_are_noted = True


def page_told(sender: Any, instance: Any, **_more: Any) -> None:
    """Published or unpublished."""
    if not instance.__dict__.pop("words_are_noted", False) or not instance.live:
        indexing.page_changed(instance.pk)


def page_deleted(sender: Any, instance: Any, **_more: Any) -> None:
    if not getattr(sender, "search_auto_update", True):
        index.remove_object(instance)
    # In the database its words went with it.
    if engine().is_told:
        indexing.page_changed(instance.pk)


def sku_changed(sender: Any, instance: Any, **_more: Any) -> None:
    indexing.product_changed(instance.product_id)


def brand_saved(sender: Any, instance: Any, created: bool = False, **_more: Any) -> None:
    if not created:
        indexing.note(Pending.What.BRAND, instance.pk)


def tag_saved(sender: Any, instance: Any, created: bool = False, **_more: Any) -> None:
    if not created:
        indexing.note(Pending.What.TAG, instance.pk)


def brand_goes(sender: Any, instance: Any, **_more: Any) -> None:
    # Once it is gone, nothing says whose it was.
    indexing.note_pages(ProductPage.objects.filter(brand=instance).values_list("pk", flat=True))


def tag_goes(sender: Any, instance: Any, **_more: Any) -> None:
    tagged = ProductTag.objects.filter(tag=instance)
    indexing.note_pages(tagged.values_list("content_object", flat=True))


def promotion_changed(sender: Any, **_more: Any) -> None:
    kept.changed("listed", "words", "promotions")


def connect() -> None:
    """Listen, once all models are there."""
    from django.db.models.signals import post_delete, post_save, pre_delete
    from taggit.models import Tag
    from wagtail.contrib.search_promotions.models import SearchPromotion
    from wagtail.models import get_page_models
    from wagtail.signals import page_published, page_unpublished

    from catalog.models import Brand, Sku

    for model in get_page_models():
        post_save.connect(page_saved, sender=model)
        post_delete.connect(page_deleted, sender=model)
    page_published.connect(page_told)
    page_unpublished.connect(page_told)
    post_save.connect(sku_changed, sender=Sku)
    post_delete.connect(sku_changed, sender=Sku)
    post_save.connect(brand_saved, sender=Brand)
    pre_delete.connect(brand_goes, sender=Brand)
    for signal in (post_save, post_delete):
        signal.connect(promotion_changed, sender=SearchPromotion)
    post_save.connect(tag_saved, sender=Tag)
    pre_delete.connect(tag_goes, sender=Tag)
