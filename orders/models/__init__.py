"""The books: what was ordered, what was paid, and what must still be done about it."""

from .addresses import AddressFields, SavedAddress
from .amounts import TOTAL_DIGITS
from .coupons import Coupon, CouponUse
from .invoices import Invoice, InvoiceAddress, InvoiceCounter
from .mails import BackInStock, MailText, Outbox
from .orders import (
    CAME_TO_NOTHING,
    NUMBER_ALPHABET,
    Order,
    OrderItem,
    new_number,
    new_secret,
)
from .payments import Payment, PaymentEvent, Refund, RefundItem
from .selling import OrderSettings, ShippingMethod, TaxRate
from .timeline import OrderEvent, Shipment, ShipmentItem

__all__ = [
    "CAME_TO_NOTHING",
    "NUMBER_ALPHABET",
    "TOTAL_DIGITS",
    "AddressFields",
    "BackInStock",
    "Coupon",
    "CouponUse",
    "Invoice",
    "InvoiceAddress",
    "InvoiceCounter",
    "MailText",
    "Order",
    "OrderEvent",
    "OrderItem",
    "OrderSettings",
    "Outbox",
    "Payment",
    "PaymentEvent",
    "Refund",
    "RefundItem",
    "SavedAddress",
    "Shipment",
    "ShipmentItem",
    "ShippingMethod",
    "TaxRate",
    "new_number",
    "new_secret",
]
