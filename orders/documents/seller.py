"""Who stands in the head and at the foot of the shop's letters."""

from django.template.loader import render_to_string

from orders.documents.facts import Seller
from orders.models import OrderSettings


def seller(rules: OrderSettings) -> Seller:
    """What the merchant wrote; until then the name of the shop."""
    shop = _words(render_to_string("orders/documents/shop_name.txt"))
    contact = _words(render_to_string("orders/documents/shop_contact.txt"))
    name, *address = rules.seller.strip().splitlines() or [shop]
    return Seller(
        name=name,
        address=tuple(filter(None, map(_words, address))),
        tax_number=rules.seller_tax_id,
        imprint=(contact,) if contact else (),
    )


def _words(text: str) -> str:
    return " ".join(text.split())
