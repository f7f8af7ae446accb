"""What members would like to have."""

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Product


def new_key() -> str:
    """The unguessable part of a shared list's address: 128 random bits."""
    return secrets.token_urlsafe(16)


class WishList(models.Model):
    """A list of one member: private, or open to whoever has its address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wish_lists"
    )
    name = models.CharField(_("name of the list"), max_length=80)
    is_shared = models.BooleanField(_("whoever has the link may see it"), default=False)
    # Made anew whenever the list is made private, so that old links stay dead.
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("wish list")
        verbose_name_plural = _("wish lists")
        ordering = ["created", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where others see it, once it is shared."""
        return reverse("wishes:shared", args=[self.key])


class WishListItem(models.Model):
    wish_list = models.ForeignKey(WishList, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    added = models.DateTimeField(default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ["-added", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["wish_list", "product"], name="wished_once_on_a_list")
        ]

    def __str__(self) -> str:
        return f"{self.wish_list_id}: {self.product_id}"
