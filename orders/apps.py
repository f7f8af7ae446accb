from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from catalog.telling import frame_changed

        # They tell the catalogue what was sold, and the outbox who does its work.
        from orders import back_in_stock, figures, low_stock  # noqa: F401
        from orders.mails import sending  # noqa: F401
        from orders.payments import messages, refunds  # noqa: F401

        # Products say when they come, what that costs, and which tax is in their price.
        for model in ("OrderSettings", "ShippingMethod", "TaxRate"):
            for signal in (post_save, post_delete):
                signal.connect(frame_changed, sender=f"orders.{model}")
