from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class CartConfig(AppConfig):
    name = "cart"
    verbose_name = _("Cart")

    def ready(self) -> None:
        # To be imported is all that the latter needs: it tells the catalogue which carts hold what.
        from cart import merging, open_carts  # noqa: F401
        from catalog.telling import frame_changed

        merging.connect()
        # For how long prices are held is kept.
        for signal in (post_save, post_delete):
            signal.connect(frame_changed, sender="cart.CartSettings")
