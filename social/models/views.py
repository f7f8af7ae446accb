"""How often products were looked at: what Redis counted, kept for good."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product


class ProductViews(models.Model):
    """The views of one product on one day (UTC). ``Product.views`` is their sum.

    Rankings go by visits, which leave out that a visitor looks again soon (views_counter.py).
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="daily_views")
    day = models.DateField()
    count = models.PositiveBigIntegerField(default=0)
    visits = models.PositiveBigIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("views of a product")
        verbose_name_plural = _("views of products")
        constraints = [
            models.UniqueConstraint(fields=["product", "day"], name="views_once_for_a_day")
        ]
        indexes = [models.Index(fields=["day", "-count"])]

    def __str__(self) -> str:
        return f"{self.product_id} {self.day}: {self.count}"


class ViewsSaved(models.Model):
    """The one row that names the last batch of counts written, so that none is written twice.

    After a colon stands the last product of it that was (views_saving.py).
    """

    batch = models.CharField(max_length=32, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("last saved views")
        verbose_name_plural = _("last saved views")

    def __str__(self) -> str:
        return self.batch
