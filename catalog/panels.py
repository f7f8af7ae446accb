"""The facts beside the story: live variants in the page editor, read-only there by design."""

from typing import Any

from wagtail.admin.panels import Panel


class VariantsPanel(Panel):
    """The variants as they are now, never as a draft remembers them, and the way to their form."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "catalog/admin/variants_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            product = self.instance.product if self.instance.pk else None
            context["product"] = product
            if product is not None:
                skus = list(product.skus.with_facts())
                context["skus"] = skus
                context["for_sale"] = any(sku.is_active and sku.price for sku in skus)
            return context
