"""All variants of a product as one form, with a Save button: the page of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BaseModelFormSet
from wagtail.admin.forms.formsets import BaseFormSetMixin

from catalog.models import Product, Sku

from . import codes
from .forms import VariantForm, tax_choices
from .rights import Rights

EXTRA_ROWS = 3
# A product with more has several pages of them.
ROWS_PER_PAGE = 100
# With 33 fields in a row, about as many as DATA_UPLOAD_MAX_NUMBER_FIELDS lets through.
MOST_ROWS = 300


class BaseVariantFormSet(BaseFormSetMixin, BaseModelFormSet):
    """Variants of a product, those not on sale too, and a few empty rows."""

    def __init__(
        self,
        *args: Any,
        product: Product,
        columns: Mapping[str, str],
        rights: Rights,
        page: int = 1,
        **kwargs: Any,
    ) -> None:
        first = (page - 1) * ROWS_PER_PAGE
        skus = product.skus.with_facts().select_related("picture")
        skus = skus.prefetch_related("picture__renditions")[first : first + ROWS_PER_PAGE]
        form_kwargs = {"columns": columns, "rights": rights, "tax_classes": tax_choices()}
        super().__init__(*args, queryset=skus, form_kwargs=form_kwargs, **kwargs)
        self.product = product
        self.columns = columns
        if not rights.every:
            self.extra = self.max_num = 0
        elif not columns:
            # Without options there is nothing by which two variants could differ.
            self.extra = 0 if self.get_queryset() else 1

    def filled(self) -> Iterator[VariantForm]:
        return (form for form in self.forms if not form.is_left_empty)

    def clean(self) -> None:
        # Not super().clean(): rows are compared here, without regard to case.
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        others = Sku.objects.exclude(pk__in=shown)
        codes.refuse_used(self.filled(), others, self.product)
        codes.refuse_equal_options(self.filled(), others.filter(product=self.product), self.columns)


VariantFormSet = forms.modelformset_factory(
    Sku,
    form=VariantForm,
    formset=BaseVariantFormSet,
    extra=EXTRA_ROWS,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
)
