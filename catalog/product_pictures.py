"""The pictures of products with their files: one statement, however many pages show them.

As ``ProductPicture`` with its image and ``renditions.prefetch`` would read them, and the pictures
of SKUs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wagtail.fields import StreamField

from catalog import renditions
from catalog.joined import Joined, join
from catalog.models.pictures import Picture, PictureRendition
from catalog.models.products import SHOWN_AS, ProductPage, ProductPicture

# What a card shows of a page's pictures.
OF_A_CARD = 2
CARD_KINDS = ("card", "thumb")

FILES = {"shown": ProductPicture, "picture": Picture, "file": PictureRendition}
READ = Joined(FILES)
# As ``defer_streamfields()`` reads pages.
WITH_PAGES = Joined(
    {**FILES, "page": ProductPage},
    only={
        "page": [
            field.name
            for field in ProductPage._meta.concrete_fields
            if not isinstance(field, StreamField)
        ]
    },
)
# The pictures of SKUs stand in no gallery: their rows have no key.
PICTURES = """
    SELECT {columns}
    FROM (
        SELECT id, sort_order, page_id, image_id, alt_text, page_id = {own} AS is_own,
            ROW_NUMBER() OVER (PARTITION BY page_id ORDER BY sort_order, id) AS place
        FROM catalog_productpicture WHERE page_id IN ({pages})
        UNION ALL
        SELECT NULL, 0, 0, sku.picture_id, '', TRUE, 1
        FROM catalog_productpage page JOIN catalog_sku sku ON sku.product_id = page.product_id
        WHERE page.page_ptr_id = {own} AND sku.picture_id IS NOT NULL
        {page_rows}
    ) shown
    LEFT JOIN catalog_picture picture ON picture.id = shown.image_id
    LEFT JOIN catalog_picturerendition file ON file.image_id = picture.id AND (
        file.filter_spec IN ({of_cards}) OR (shown.is_own AND file.filter_spec IN ({of_pages}))
    )
    {page_columns}
    WHERE shown.is_own OR shown.place <= {of_a_card}
    ORDER BY shown.page_id, shown.place
"""

# Each page has a row of its own, so that its columns are not read with each of its files.
PAGE_ROWS = """
        UNION ALL
        SELECT NULL, 0, page_ptr_id, NULL, '', FALSE, 0
        FROM catalog_productpage WHERE page_ptr_id IN ({pages})
"""
PAGE_COLUMNS = """
    LEFT JOIN (
        catalog_productpage page JOIN wagtailcore_page page_base
        ON page_base.id = page.page_ptr_id
    ) ON shown.place = 0 AND page.page_ptr_id = shown.page_id
"""


@dataclass
class Pictures:
    """Nothing of it may be changed by who gets it."""

    # The rows of a page, in their order, with their images.
    of_page: dict[int, list[ProductPicture]] = field(default_factory=dict)
    # Every picture that was read, also those of SKUs.
    by_key: dict[int, Picture] = field(default_factory=dict)
    # The pages themselves, by their keys, if they were asked for; those that are gone are not.
    pages: dict[int, ProductPage] = field(default_factory=dict)


def of_cards(
    pages: Iterable[int], own: ProductPage | None = None, *, with_pages: bool = False
) -> Pictures:
    """The first two pictures of each page, as cards show them; and all of ``own``, as it does.

    By the keys of pages; one query, or none for none.
    """
    pages = list(pages)
    # A page that is just being made has no key, and no rows.
    keys = {int(key) for key in (*pages, own and own.pk) if key}
    found = Pictures()
    if not keys:
        return found
    rows, files = {}, {}
    wanted = ", ".join(str(int(key)) for key in pages if key) if with_pages else ""
    read = WITH_PAGES if wanted else READ
    sql = PICTURES.format(
        columns=read.columns,
        page_rows=PAGE_ROWS.format(pages=wanted) if wanted else "",
        page_columns=PAGE_COLUMNS if wanted else "",
        own=int(own.pk) if own else 0,
        pages=", ".join(map(str, keys)),
        of_cards=renditions.quoted(CARD_KINDS),
        of_pages=renditions.quoted(SHOWN_AS),
        of_a_card=OF_A_CARD,
    )
    for row, picture, file, *page in read.read(sql, {}):
        if page and page[0] is not None:
            found.pages[page[0].pk] = page[0]
            continue
        found.by_key[picture.pk] = picture
        of_picture = files.setdefault(picture.pk, {})
        if file is not None:
            of_picture[file.pk] = file
        if row is not None and row.pk not in rows:
            rows[row.pk] = row
            join(row, image=picture)
            found.of_page.setdefault(row.page_id, []).append(row)
    for key, of_picture in files.items():
        renditions.have(found.by_key[key], of_picture.values())
    return found
