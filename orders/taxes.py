"""What is taxed at how much: the rates of a country."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from orders.models import TaxRate


@dataclass(frozen=True)
class Rates:
    """The rates of one country in percent, by the key of the tax class; None is the standard."""

    by_class: Mapping[int | None, Decimal]

    def of(self, tax_class_id: int | None) -> Decimal:
        """The class's own rate, else the standard rate; nothing is taxed where none is set."""
        standard = self.by_class.get(None, Decimal(0))
        return self.by_class.get(tax_class_id, standard)


def rates(country: str) -> Rates:
    """The rates of the country that an order goes to, read with one query."""
    found = TaxRate.objects.filter(country=country).values_list("tax_class", "rate")
    return Rates(dict(found))
