"""The small things of a product's story: one statement for all of them.

As ``page.options``, ``page.attributes``, ``page.tags`` and ``gathering.related`` would read them
of a page that is saved. A draft in a preview has its own, of which no statement knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from wagtail.models import Page

from catalog import gathering, kept
from catalog.joined import join
from catalog.models.attributes import Attribute, ProductAttribute
from catalog.models.products import ProductPage
from catalog.visibility import restricted_paths

OPTION, ANSWER, TAG, RELATED = "option", "answer", "tag", "related"
STORY = f"""
    SELECT '{OPTION}' AS kind, sort_order, id, 0, 0, name, '', '', ''
    FROM catalog_productoption WHERE page_id = %(page)s
    UNION ALL
    SELECT '{ANSWER}', answer.sort_order, answer.id, attribute.id, 0,
        answer.value, attribute.name, attribute.kind, attribute.unit
    FROM catalog_productattribute answer
    JOIN catalog_attribute attribute ON attribute.id = answer.attribute_id
    WHERE answer.page_id = %(page)s AND answer.value <> ''
    UNION ALL
    SELECT '{TAG}', 0, tagged.id, 0, 0, tag.name, '', '', ''
    FROM catalog_producttag tagged JOIN taggit_tag tag ON tag.id = tagged.tag_id
    WHERE tagged.content_object_id = %(page)s
    UNION ALL
    SELECT '{RELATED}', COALESCE(picked.sort_order, 0), picked.product_page_id, named.product_id,
        COALESCE(place.id, 0), COALESCE(place.path, ''), '', '', ''
    FROM catalog_relatedproduct picked
    JOIN catalog_productpage named ON named.page_ptr_id = picked.product_page_id
    LEFT JOIN (
        catalog_productpage shown JOIN wagtailcore_page place ON place.id = shown.page_ptr_id
    ) ON shown.product_id = named.product_id AND shown.product_id <> %(product)s
        AND place.live AND place.locale_id = %(locale)s
        AND substr(place.path, 1, {gathering.HOME_DEPTH * Page.steplen}) = %(home)s
    WHERE picked.page_id = %(page)s
    ORDER BY 1, 2, 3, 5
"""  # noqa: S608 - names of our own


@dataclass
class Story:
    """Nothing of it may be changed by who gets it."""

    options: list[str] = field(default_factory=list)
    answers: list[ProductAttribute] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    # The keys of the pages that show the related products, in an editor's order.
    related: list[int] = field(default_factory=list)


def of(page: ProductPage) -> Story:
    """What is kept of a page that is saved, or else read with one query."""
    return kept.get(("story", page.pk), lambda: _read(page))


def _read(page: ProductPage) -> Story:
    kept.shows("frame", *page.story_tags)
    asked = {
        "page": page.pk,
        "product": page.product_id,
        "locale": page.locale_id,
        "home": gathering.home_path(page),
    }
    with connection.cursor() as cursor:
        cursor.execute(STORY, asked)
        rows = cursor.fetchall()
    story, related = Story(), []
    for kind, _place, key, other, shown, *texts in rows:
        if kind == OPTION:
            story.options.append(texts[0])
        elif kind == ANSWER:
            story.answers.append(_answer(page, key, other, texts))
        elif kind == TAG:
            story.tags.append(texts[0])
        else:
            related.append(_Picked(key, other, shown, texts[0]))
    story.related = _related(related)
    return story


class _Picked(NamedTuple):
    """A page that an editor picked, its product, and a page that shows that here, 0 for none."""

    page: int
    product: int
    shown: int
    path: str


def _related(rows: Iterable[_Picked]) -> list[int]:
    closed = restricted_paths()
    shown: dict[int, int] = {}
    for row in rows:
        kept.shows(f"page:{row.page}")
        if row.shown and not row.path.startswith(closed):
            # Of several pages the oldest; what is picked in two languages is one product.
            kept.shows(f"page:{row.shown}")
            shown.setdefault(row.product, row.shown)
        else:
            # Whoever publishes one in this language tells of the product.
            kept.shows(f"card:{row.product}")
    return list(shown.values())


def _answer(page: ProductPage, key: int, attribute: int, texts: list[Any]) -> ProductAttribute:
    value, name, kind, unit = texts
    answer = ProductAttribute(pk=key, page_id=page.pk, attribute_id=attribute, value=value)
    join(answer, attribute=Attribute(pk=attribute, name=name, kind=kind, unit=unit))
    return answer
