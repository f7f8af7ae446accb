"""Invoices: to whom, and the number that no other has."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .addresses import AddressFields
from .orders import Order


class InvoiceAddress(AddressFields):
    """Where the invoice goes, if not where the goods go."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="invoice_address")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invoice address")
        verbose_name_plural = _("invoice addresses")

    def __str__(self) -> str:
        return f"{self.company or self.last_name}, {self.city}"


class Invoice(models.Model):
    """That an order was invoiced, under which number. Numbers follow each other without a gap."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="invoice")
    sequence = models.PositiveIntegerField(unique=True)
    # As printed: with the merchant's prefix of that day.
    number = models.CharField(_("invoice number"), max_length=40, unique=True)
    created = models.DateTimeField(_("written"), default=timezone.now)
    # All that it states, as it was then (orders.documents.facts.InvoiceFacts).
    facts = models.JSONField(default=dict, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-sequence"]

    def __str__(self) -> str:
        return self.number


class InvoiceCounter(models.Model):
    """The one row that says which number was last; whoever draws the next one holds it."""

    last = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("invoice counter")
        verbose_name_plural = _("invoice counters")

    def __str__(self) -> str:
        return str(self.last)
