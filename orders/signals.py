"""What happens to orders, for the apps above, which listen in their ``apps.py``.

Sent inside the transaction that writes it: a listener that fails undoes it.
"""

from django.dispatch import Signal

# sender Order; order: as it was placed.
order_placed = Signal()
# sender Order; order: all of it is paid.
order_paid = Signal()
