"""A simple product in one form: the page's own form takes the first SKU with it.

The page is the story and its SKU is a fact, so the two are only typed together: the form
keeps what was typed, and a hook writes it once the page is saved. An autosave is nobody's
decision, so it never writes a SKU of a code that is half typed.
"""

import uuid
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.log_actions import log

from catalog.models import Product, ProductPage, Sku, Stock

from . import codes, rows, variants
from .forms import VariantForm
from .grid import LOG_ACTION
from .rights import Rights, rights, rights_below

PREFIX = "first_sku"
ASKED = ("code", "price", "compare_at", "on_hand")


class FirstSkuForm(VariantForm):
    """The one SKU of a product without options; everything else about it can wait."""

    is_digital = forms.BooleanField(
        label=gettext_lazy("Digital"),
        required=False,
        help_text=gettext_lazy("Nothing is sent, so no shipping is charged."),
    )

    def __init__(self, data: Any = None, *, product: Product | None, granted: Rights) -> None:
        super().__init__(
            data,
            prefix=PREFIX,
            columns={},
            rights=granted,
            tax_classes=[],
            empty_permitted=True,
            use_required_attribute=False,
        )
        self.product = product
        for name in set(self.fields) - {*ASKED, "is_digital"}:
            del self.fields[name]
        self.order_fields([*ASKED, "is_digital"])
        for field in self.fields.values():
            field.show_hidden_initial = False
            # Asked for only where something is typed, which a star would not say.
            field.required = False

    def has_changed(self) -> bool:
        """Whether there is a SKU to make; that a product is digital makes none."""
        changed = set(self.changed_data) - {"is_digital"}
        return any(self[name].data not in (None, "") for name in changed)

    @property
    def digital(self) -> bool:
        return bool(self["is_digital"].data)

    def shown(self) -> list[forms.BoundField]:
        """The boxes; a product that is there already has a live one for "digital" of its own."""
        hidden = self.product is not None and not self.digital
        return [self[name] for name in self.fields if not (hidden and name == "is_digital")]

    def clean_code(self) -> str:
        if not self.cleaned_data["code"]:
            raise forms.ValidationError(self.fields["code"].error_messages["required"])
        return self.cleaned_data["code"]

    def clean_on_hand(self) -> int:
        return self.cleaned_data["on_hand"] or 0

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("price") is None and "price" not in self.errors:
            self.add_error("price", _("Give a price."))

    def _post_clean(self) -> None:
        super()._post_clean()
        unasked = Stock()
        self.cleaned_data |= {name: getattr(unasked, name) for name in variants.STOCK_FIELDS}
        codes.refuse_used([self], Sku.objects.all(), self.product)
        if self.product is not None:
            codes.refuse_equal_options([self], self.product.skus.all(), ())


class ProductPageForm(WagtailAdminPageForm):
    """The page's form; ``first_sku`` is None where there is a SKU, or no right to make one."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if page := kwargs.get("instance"):
            rows.hold(page)
        super().__init__(data, *args, **kwargs)
        self.first_sku = self._first_sku(data)

    def _first_sku(self, data: Any) -> FirstSkuForm | None:
        page = self.instance
        if self.for_user is None:
            return None
        if page.pk:
            granted = rights(self.for_user, page)
        elif self.parent_page is not None:
            granted = rights_below(self.for_user, self.parent_page)
        else:
            return None
        # None where the boxes were not sent: by an autosave, or a form that never had them.
        sent = data.get(f"{PREFIX}-code") if data else None
        typed = (sent or "").strip().lower()
        skus = Sku.objects.filter(product=page.product_id).order_by()
        codes_there = skus.values_list("code", flat=True) if page.product_id else ()
        known = {code.lower() for code in codes_there}
        # Sent twice, it is there already; typed while a colleague made one, it is refused.
        if not granted.every or (known and (not typed or typed in known)):
            return None
        # A preview comes without a subscription, and shows the story whatever is typed here.
        heard = data if self.subscription and sent is not None else None
        return FirstSkuForm(heard, product=page.product, granted=granted)

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.first_sku is not None and self.first_sku.is_bound:
            valid = self.first_sku.is_valid() and valid
        return valid

    def save(self, commit: bool = True) -> ProductPage:
        page = super().save(commit)
        if self.first_sku is not None and self.first_sku.is_bound:
            page.typed_first_sku = self.first_sku
        return page


def leave_out_of_autosaves(request: HttpRequest) -> None:
    """Of an autosave, hear only the story."""
    if request.method == "POST" and not request.accepts("text/html"):
        story = request.POST.copy()
        for name in [name for name in story if name.startswith(f"{PREFIX}-")]:
            del story[name]
        request.POST = story


def write(request: HttpRequest, page: ProductPage) -> None:
    """Write the SKU that was typed into the form of a page, which is saved by now."""
    form = page.__dict__.pop("typed_first_sku", None)
    if form is None:
        return
    changes = variants.set_digital(page.product, True) if form.digital else {}
    try:
        with transaction.atomic():
            if form.has_changed():
                token = uuid.uuid4().hex
                changes |= variants.save([form], page.product, user=request.user, token=token)
            if changes:
                log(page, LOG_ACTION, user=request.user, data={"changes": changes})
    except IntegrityError:
        message = _(
            "The page was saved, but not its SKU: somebody else just used the code "
            "“%(code)s”. Please give it another."
        )
        messages.error(request, message % {"code": form.cleaned_data["code"]})
