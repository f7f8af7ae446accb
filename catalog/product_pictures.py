"""The pictures of products with their files: one statement, however many pages show them.

As ``ProductPicture`` with its image and ``renditions.prefetch`` would read them, and the pictures
of SKUs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog import renditions
from catalog.joined import Joined, join
from catalog.models.pictures import Picture, PictureRendition
from catalog.models.products import SHOWN_AS, ProductPage, ProductPicture

# What a card shows of a page's pictures.
OF_A_CARD = 2
CARD_KINDS = ("card", "thumb")

READ = Joined({"shown": ProductPicture, "picture": Picture, "file": PictureRendition})
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
    ) shown
    JOIN catalog_picture picture ON picture.id = shown.image_id
    LEFT JOIN catalog_picturerendition file ON file.image_id = picture.id AND (
        file.filter_spec IN ({of_cards}) OR (shown.is_own AND file.filter_spec IN ({of_pages}))
    )
    WHERE shown.is_own OR shown.place <= {of_a_card}
    ORDER BY shown.page_id, shown.place
"""


@dataclass
class Pictures:
    """Nothing of it may be changed by who gets it."""

    # The rows of a page, in their order, with their images.
    of_page: dict[int, list[ProductPicture]] = field(default_factory=dict)
    # Every picture that was read, also those of SKUs.
    by_key: dict[int, Picture] = field(default_factory=dict)


def of_cards(pages: Iterable[int], own: ProductPage | None = None) -> Pictures:
    """The first two pictures of each page, as cards show them; and all of ``own``, as it does.

    By the keys of pages; one query, or none for none.
    """
    # A page that is just being made has no key, and no rows.
    keys = {int(key) for key in (*pages, own and own.pk) if key}
    found = Pictures()
    if not keys:
        return found
    rows, files = {}, {}
    sql = PICTURES.format(
        columns=READ.columns,
        own=int(own.pk) if own else 0,
        pages=", ".join(map(str, keys)),
        of_cards=_quoted(CARD_KINDS),
        of_pages=_quoted(SHOWN_AS),
        of_a_card=OF_A_CARD,
    )
    for row, picture, file in READ.read(sql, {}):
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


def _quoted(kinds: Iterable[str]) -> str:
    # Names of our own: letters, digits, "-", "|".
    return ", ".join(f"'{spec}'" for spec in sorted(renditions.specs(kinds)))
