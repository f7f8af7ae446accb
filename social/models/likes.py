"""What members like."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Product


class Like(models.Model):
    """A member likes a product: the thing itself, whatever page tells of it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="likes"
    )
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="likes")
    created = models.DateTimeField(default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="liked_once")]
        indexes = [
            models.Index(fields=["user", "-created"]),
            models.Index(fields=["product", "-created"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ♥ {self.product_id}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """The like and its place in the product's number (``social.likes``), or neither."""
        super().save(*args, **kwargs)
