"""The formats that a product file may have, and how their headers spell each column. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Format:
    """What the columns of a file mean; a file is of this format if it has those needed."""

    name: str
    # For each meaning the spellings of its header; the first is the format's own.
    columns: dict[str, tuple[str, ...]]
    # The first of them is filled in every row that says anything.
    needed: tuple[str, ...]
    # Columns of which there may be any number: what the group finds follows the meaning,
    # so that "Weight (kg)" means "weight:kg".
    families: dict[str, re.Pattern[str]] = field(default_factory=dict)
    # Whether an apostrophe before a formula is not part of the text.
    is_defused: bool = False
    # Whether a row may go on in the next, and spaces at the ends of cells be part of the text.
    is_continued: bool = False

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each meaning stands; of two columns that mean the same the first counts."""
        meanings = {_plain(name): key for key, names in self.columns.items() for name in names}
        places: dict[str, int] = {}
        for place, name in enumerate(header):
            column = meanings.get(_plain(name)) or self._of_family(name)
            if column:
                places.setdefault(column, place)
        return places

    def missing(self, header: Sequence[str]) -> list[str]:
        """The columns that are needed and not there, as the format itself spells them."""
        places = self.places(header)
        return [self.columns[column][0] for column in self.needed if column not in places]

    def _of_family(self, name: str) -> str:
        for family, pattern in self.families.items():
            if found := pattern.fullmatch(name.strip()):
                return f"{family}:{found[1]}"
        return ""


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


SHOPIFY = Format(
    name="Shopify",
    columns={
        "handle": ("Handle", "URL handle"),
        "title": ("Title",),
        "body": ("Body (HTML)", "Body", "Description"),
        "vendor": ("Vendor",),
        "category": ("Product Category",),
        "type": ("Type", "Product type", "Custom product type"),
        "tags": ("Tags",),
        "published": ("Published", "Published on online store"),
        "status": ("Status",),
        "option1_name": ("Option1 Name",),
        "option1": ("Option1 Value",),
        "option2_name": ("Option2 Name",),
        "option2": ("Option2 Value",),
        "option3_name": ("Option3 Name",),
        "option3": ("Option3 Value",),
        "sku": ("Variant SKU", "SKU"),
        "grams": ("Variant Grams", "Weight value (grams)"),
        "tracker": ("Variant Inventory Tracker", "Inventory tracker"),
        "quantity": ("Variant Inventory Qty", "Variant Inventory Quantity", "Inventory quantity"),
        "policy": ("Variant Inventory Policy", "Continue selling when out of stock"),
        "price": ("Variant Price", "Price"),
        "compare_at": ("Variant Compare At Price", "Compare-at price"),
        "cost": ("Cost per item",),
        "ships": ("Variant Requires Shipping", "Requires shipping"),
        "barcode": ("Variant Barcode", "Barcode"),
        "image": ("Image Src", "Product image URL"),
        "image_position": ("Image Position",),
        "image_alt": ("Image Alt Text",),
        "variant_image": ("Variant Image", "Variant image URL"),
        "seo_title": ("SEO Title",),
        "seo_description": ("SEO Description",),
    },
    needed=("handle", "title"),
)

WOOCOMMERCE = Format(
    name="WooCommerce",
    columns={
        "type": ("Type",),
        "title": ("Name",),
        "id": ("ID",),
        "sku": ("SKU",),
        "barcode": ("GTIN, UPC, EAN, or ISBN",),
        "published": ("Published",),
        "visibility": ("Visibility in catalog", "Visibility in catalogue", "Catalog visibility"),
        "summary": ("Short description",),
        "body": ("Description",),
        "sale_start": ("Date sale price starts",),
        "sale_end": ("Date sale price ends",),
        "tax_status": ("Tax status",),
        "tax_class": ("Tax class",),
        "in_stock": ("In stock?", "In stock"),
        "quantity": ("Stock", "Stock quantity"),
        "low_at": ("Low stock amount",),
        "backorders": ("Backorders allowed?", "Backorders allowed"),
        "sale_price": ("Sale price",),
        "price": ("Regular price",),
        "cost": ("Cost of goods",),
        "categories": ("Categories",),
        "tags": ("Tags",),
        "images": ("Images",),
        "parent": ("Parent",),
        "grouped": ("Grouped products",),
        "upsells": ("Upsells",),
        "cross_sells": ("Cross-sells",),
        "position": ("Position",),
        "vendor": ("Brands", "Brand"),
        "seo_title": ("Meta: _yoast_wpseo_title", "Meta: rank_math_title"),
        "seo_description": ("Meta: _yoast_wpseo_metadesc", "Meta: rank_math_description"),
    },
    needed=("type", "title", "sku"),
    families={
        "weight": re.compile(r"Weight \((kg|g|lbs|oz)\)", re.IGNORECASE),
        "attribute_name": re.compile(r"Attribute ([0-9]+) name", re.IGNORECASE),
        "attribute_values": re.compile(r"Attribute ([0-9]+) value\(s\)", re.IGNORECASE),
    },
    is_defused=True,
)

# The "Product CSV Import Suite", older than WooCommerce's own importer.
WOOCOMMERCE_SUITE = Format(
    name="WooCommerce (Product CSV Import Suite)",
    columns={
        "handle": ("post_name",),
        "title": ("post_title",),
        "id": ("ID",),
        "status": ("post_status",),
        "summary": ("post_excerpt",),
        "body": ("post_content",),
        "parent": ("post_parent",),
        "parent_sku": ("parent_sku",),
        "sku": ("sku",),
        "downloadable": ("downloadable",),
        "virtual": ("virtual",),
        "visibility": ("visibility",),
        "quantity": ("stock",),
        "stock_status": ("stock_status",),
        "backorders": ("backorders",),
        "manage_stock": ("manage_stock",),
        "price": ("regular_price",),
        "sale_price": ("sale_price",),
        "sale_start": ("sale_price_dates_from",),
        "sale_end": ("sale_price_dates_to",),
        "weight:": ("weight",),
        "tax_status": ("tax_status",),
        "tax_class": ("tax_class",),
        "upsells": ("upsell_ids",),
        "cross_sells": ("crosssell_ids",),
        "position": ("menu_order",),
        "images": ("images",),
        "type": ("tax:product_type",),
        "categories": ("tax:product_cat",),
        "tags": ("tax:product_tag",),
        "seo_title": ("meta:_yoast_wpseo_title",),
        "seo_description": ("meta:_yoast_wpseo_metadesc",),
    },
    needed=("title", "handle", "type"),
    families={
        "attribute": re.compile(r"attribute:(?:pa_)?(.+)", re.IGNORECASE),
        "attribute_data": re.compile(r"attribute_data:(?:pa_)?(.+)", re.IGNORECASE),
        "variation": re.compile(r"meta:attribute_(?:pa_)?(.+)", re.IGNORECASE),
    },
)

OWN = Format(
    name="Storefront",
    columns={
        "row": ("Row", "Row type"),
        "handle": ("Handle",),
        "title": ("Title", "Name"),
        "slug": ("Slug",),
        "status": ("Status",),
        "first_published": ("First published",),
        "category": ("Category",),
        "further_categories": ("Further categories",),
        "summary": ("Summary",),
        "body": ("Description",),
        "brand": ("Brand", "Vendor"),
        "tags": ("Tags",),
        "digital": ("Digital",),
        "option1_name": ("Option 1 name",),
        "option2_name": ("Option 2 name",),
        "option3_name": ("Option 3 name",),
        "sku": ("SKU", "SKU code"),
        "option1": ("Option 1", "Option 1 value"),
        "option2": ("Option 2", "Option 2 value"),
        "option3": ("Option 3", "Option 3 value"),
        "active": ("On sale",),
        "barcode": ("Barcode",),
        "grams": ("Weight (g)", "Weight in grams"),
        "tax_class": ("Tax class",),
        "cost": ("Cost",),
        "currency": ("Currency",),
        "price": ("Price", "Regular price"),
        "sale_price": ("Sale price",),
        "start": ("From", "Sale from"),
        "end": ("Until", "Sale until"),
        "quantity": ("Stock", "On hand"),
        "quantity_before": ("Stock at export",),
        "low_at": ("Low at",),
        "policy": ("When sold out",),
        "back_order_text": ("Text on back order", "Back-order text"),
        "picture": ("Picture",),
        "alt_text": ("Alternative text", "Picture text"),
        "decorative": ("Decorative",),
        "variant_picture": ("Variant picture",),
        "related": ("Related products",),
        "attribute_order": ("Order of the attributes",),
        "seo_title": ("SEO title",),
        "seo_description": ("SEO description",),
        "intro": ("Introduction",),
        "sort": ("Order of the products",),
        "sold_out": ("Sold-out products",),
        "in_menu": ("In menus",),
        "first_products": ("First products",),
        "kind": ("Kind",),
        "unit": ("Unit",),
        "facet": ("Filter",),
        "choices": ("Choices",),
        "position": ("Position",),
    },
    needed=("row", "handle", "title"),
    families={"attribute": re.compile(r"Attribute:\s*(.+)", re.IGNORECASE | re.DOTALL)},
    is_defused=True,
    is_continued=True,
)

# In the order in which a header is tried.
FORMATS = (OWN, WOOCOMMERCE_SUITE, WOOCOMMERCE, SHOPIFY)


def of_header(header: Sequence[str]) -> Format | None:
    """The format of a file with this header; None where it is none that is known."""
    return next((format_ for format_ in FORMATS if not format_.missing(header)), None)
