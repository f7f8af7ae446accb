"""Where something goes or to whom it is invoiced: the same fields everywhere."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from orders.addresses import full_name


class AddressFields(models.Model):
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    company = models.CharField(_("company"), max_length=150, blank=True)
    address = models.CharField(_("address"), max_length=250)
    address_2 = models.CharField(_("address, second line"), max_length=250, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    region = models.CharField(_("state or province"), max_length=100, blank=True)
    country = CountryField(_("country"), blank_label=_("Choose a country"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        abstract = True

    # The names of the fields, in the order in which forms ask for them.
    FIELDS = (
        "first_name",
        "last_name",
        "company",
        "address",
        "address_2",
        "postal_code",
        "city",
        "region",
        "country",
        "phone",
    )

    @property
    def name(self) -> str:
        """The whole name, as its bearer writes it."""
        return full_name(self.first_name, self.last_name)


class SavedAddress(AddressFields):
    """An address of a member, kept for the next order."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses"
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    # The one used last comes first.
    used = models.DateTimeField(default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("saved address")
        verbose_name_plural = _("saved addresses")
        ordering = ["-used", "-pk"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}, {self.address}, {self.city}"
