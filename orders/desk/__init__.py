"""The order desk in the Wagtail admin: find an order, see how it stands, carry it on.

What was ordered is never edited here. Each action is a form of its own and calls one function
of the books (``orders.states``, ``orders.payments``); two people at once get one effect and
one clear message.
"""
