"""Fields of the form of a price batch: chosen products, tags and a file."""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import JSContext
from wagtail.admin.widgets import AdminPageChooser

from catalog.importing.rows import UnusableFileError, decode
from catalog.keys import read_keys
from catalog.models import ProductPage
from catalog.price_batches.making import MOST_PRODUCTS
from catalog.price_batches.price_list import MOST_CHARACTERS

from .collections import KnownTagsField

# The minus signs of word processors, and the decimal comma.
SIGNS = str.maketrans({"−": "-", "–": "-", ",": "."})
# A character takes at most so many bytes in the encodings that are read.
BYTES_A_CHARACTER = 4


class SignedField(forms.DecimalField):
    """A number that may be below zero, with whatever minus sign and decimal mark people write."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
    default_error_messages = {"invalid": gettext_lazy("Write a number, such as −15 or −2.50.")}

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = value.strip().rstrip("%").rstrip().translate(SIGNS)
            # Python would also take "1e9", "1_0" and "NaN" for numbers.
            if not re.fullmatch(r"([-+]?[0-9]+(\.[0-9]*)?)?", value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class ProductList(forms.Widget):
    """Products as a list with a button to choose more of them in the page chooser."""

    template_name = "catalog/admin/price_batch_products.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [key for key in data.get(name, "").split(",") if key.strip()]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        keys = _keys(value)
        titles = dict(ProductPage.objects.filter(pk__in=keys).values_list("pk", "draft_title"))
        packed = JSContext()
        context["widget"] |= {
            "keys": ",".join(map(str, keys)),
            "products": [(key, titles[key]) for key in keys if key in titles],
            "gone": sum(key not in titles for key in keys),
            "chooser": json.dumps(packed.pack(AdminPageChooser(target_models=[ProductPage]))),
        }
        return context

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        # The forms' own renderer knows the templates of forms only.
        return render_to_string(template_name, context)

    def id_for_label(self, id_: str) -> str:
        # Its buttons have names of their own.
        return ""

    @property
    def media(self) -> forms.Media:
        packed = JSContext()
        packed.pack(AdminPageChooser(target_models=[ProductPage]))
        own = forms.Media(
            js=[versioned_static("admin/js/product_list.js")],
            css={"all": [versioned_static("admin/css/prices.css")]},
        )
        return packed.media + own


class ProductsField(forms.Field):
    """The keys of product pages, each once, in the order in which they were chosen."""

    widget = ProductList

    def clean(self, value: Any) -> list[int]:
        keys = list(dict.fromkeys(_keys(value)))
        if len(keys) > MOST_PRODUCTS:
            message = _("Choose at most %(count)s products one by one, or choose their category.")
            raise ValidationError(message % {"count": f"{MOST_PRODUCTS:,}"})
        there = set(ProductPage.objects.filter(pk__in=keys).values_list("pk", flat=True))
        return [key for key in keys if key in there]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _keys(initial) != _keys(data)


def _keys(value: Any) -> list[int]:
    return read_keys(value or ())


class TagsField(KnownTagsField):
    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            found = self.clean(data)
        except ValidationError:
            return True
        return _names(initial or ()) != _names(found)


def _names(tags: Iterable[Any]) -> set[str]:
    return {tag.name for tag in tags}


def text_of(file: Any) -> str:
    """The text of an uploaded file; ValidationError says why it cannot be read."""
    if file.size > MOST_CHARACTERS * BYTES_A_CHARACTER:
        raise ValidationError(_("The file is too large."))
    data = file.read()
    if data.startswith(b"PK\x03\x04") or b"\0" in data[:1000].replace(b"\xff\xfe", b"", 1)[::2]:
        raise ValidationError(_("This is no text. Save the table as CSV and upload that."))
    try:
        return decode(data)[0].replace("\r\n", "\n").replace("\r", "\n")
    except UnusableFileError as error:
        raise ValidationError(str(error)) from error
