from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CartConfig(AppConfig):
    name = "cart"
    verbose_name = _("Cart")

    def ready(self) -> None:
        # To be imported is all that the latter needs: it tells the catalogue which carts hold what.
        from cart import merging, open_carts  # noqa: F401

        merging.connect()
