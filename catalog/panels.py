"""The facts beside the story: in the page editor, but never a draft's idea of them."""

from typing import Any

from django.forms import Media, Script
from django.utils.functional import cached_property
from wagtail.admin.panels import Panel, TabbedInterface

GRID_MEDIA = Media(
    css={"all": ["admin/css/variants.css"]},
    js=[
        Script("admin/js/variant_grid.js", type="module"),
        Script("admin/js/grid_columns.js", type="module"),
        Script("admin/js/variants_panel.js", type="module"),
    ],
)


class FormTabs(TabbedInterface):
    """Tabs whose form is put together once: what it is made of stays while a process runs."""

    def get_form_class(self) -> type:
        return self._form_class

    @cached_property
    def _form_class(self) -> type:
        return super().get_form_class()


class VariantsPanel(Panel):
    """The variants as they are now, and the way to change them.

    With JavaScript a grid takes the place of the table, which saves by itself and is no
    part of the page's form. A product without a SKU shows the boxes of its first one,
    which are part of it.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalog/admin/variants_panel.html"

        @property
        def media(self) -> Media:
            return GRID_MEDIA

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            context["first_sku"] = getattr(self.form, "first_sku", None)
            product = self.instance.product if self.instance.pk else None
            context["product"] = product
            if product is not None:
                context |= self._facts(product)
            return context

        def _facts(self, product: Any) -> dict[str, Any]:
            # The models, which rights need, name this panel.
            from catalog.admin.rights import rights

            skus = list(product.skus.with_facts().with_stock_state()[:MOST_SHOWN])
            return {
                "skus": skus,
                "more": len(skus) == MOST_SHOWN,
                "for_sale": any(sku.is_active and sku.price for sku in skus),
                "may_edit": rights(self.request.user, self.instance).some,
            }


# The table is what remains without JavaScript; the page it leads to shows all of them.
MOST_SHOWN = 50
