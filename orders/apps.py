from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        # They tell the catalogue what was sold, and the outbox who does its work.
        from orders import back_in_stock, figures, low_stock  # noqa: F401
        from orders.mails import sending  # noqa: F401
        from orders.payments import messages, refunds  # noqa: F401
