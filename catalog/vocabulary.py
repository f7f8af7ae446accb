"""What machines call things that merchants name in their own words: sizes, colours, barcodes."""

import re
from collections.abc import Mapping

# By the names that an option or an attribute may have, in any case. The keys are those of
# schema.org and of Google's product data specification, which agree on these.
NAMES = {
    "size": {"size", "größe", "taille", "talla", "크기", "사이즈", "尺寸", "大小"},
    "color": {"color", "colour", "farbe", "couleur", "색", "색상", "컬러", "颜色"},
    "material": {"material", "materiau", "matériau", "재질", "소재", "材质", "材料"},
    "pattern": {"pattern", "muster", "motif", "무늬", "패턴", "图案"},
    "gender": {"gender", "geschlecht", "성별", "性别"},
    "age_group": {"age group", "altersgruppe", "연령대", "年龄段"},
    "mpn": {"mpn", "manufacturer part number", "herstellernummer"},
    "availability_date": {"availability date", "available from"},
    "google_product_category": {"google product category"},
}
_MEANINGS = {name.casefold(): meaning for meaning, names in NAMES.items() for name in names}
# GTIN-8, UPC, EAN and GTIN-14 (GS1 General Specifications, 7.9).
_GTIN_LENGTHS = {8, 12, 13, 14}


def meaning(name: str) -> str:
    """Which of ``NAMES`` an option or attribute of this name is; empty for any other."""
    return _MEANINGS.get(" ".join(name.casefold().split()), "")


def meant(said: Mapping[str, str]) -> dict[str, str]:
    """Of values by the names of options and attributes: those that machines know, by ``NAMES``."""
    found: dict[str, str] = {}
    for name, value in said.items():
        if (known := meaning(name)) and value:
            found.setdefault(known, value)
    return found


def gtin(barcode: str) -> str:
    """The barcode as a trade item number; empty where its length or check digit says it is none."""
    digits = re.sub(r"[\s-]", "", barcode)
    if len(digits) not in _GTIN_LENGTHS or not re.fullmatch("[0-9]+", digits):
        return ""
    *body, check = map(int, digits)
    weighted = sum(digit * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return digits if (10 - weighted % 10) % 10 == check else ""
