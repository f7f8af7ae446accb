"""What the apps above know about products, for the catalogue, which knows none of them.

An app registers a function under a name in its ``apps.py``; the catalogue asks by the name::

    product_figures.register(SOLD)(figures.times_sold)
    product_figures.of(SOLD, [17, 18])  # {17: 12}

A function takes the keys of products and returns a whole number for those that have one.
What the catalogue tells them are signals, which they listen to.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from django.dispatch import Signal

# sender Stock; came_back: keys of SKUs that had none on hand and have some now; ran_low: of
# those on sale that fell to the number at which they are low, or below. Once for each
# transaction's change, and inside it: a listener that fails undoes it.
stock_crossed = Signal()

Figure = Callable[[Collection[int]], Mapping[int, int]]

# In how many lines of orders a product stands; one that stands in any is never deleted.
SOLD = "sold"
# Pieces ordered in the last days.
SOLD_IN_7_DAYS = "sold in 7 days"
SOLD_IN_30_DAYS = "sold in 30 days"
# How many carts hold it that somebody may still check out.
OPEN_CARTS = "open carts"
# How many reviews of it shoppers can read.
REVIEWS = "reviews"

# Of so many products a function is asked at once: databases bound what one query may carry.
AT_ONCE = 5_000


class ProductFigures:
    """Named whole numbers about products, from whoever registered for the name."""

    def __init__(self) -> None:
        self._functions: dict[str, list[Figure]] = {}

    def register(self, name: str) -> Callable[[Figure], Figure]:
        """Let the decorated function answer for this name. Of several, the numbers add up."""

        def decorate(function: Figure) -> Figure:
            functions = self._functions.setdefault(name, [])
            if function not in functions:
                functions.append(function)
            return function

        return decorate

    def is_known(self, name: str) -> bool:
        """Whether anybody counts this, so that a nought can be told from not knowing."""
        return bool(self._functions.get(name))

    def of(self, name: str, product_ids: Iterable[int]) -> dict[int, int]:
        """The numbers of these products by their keys; those without one are left out."""
        ids = list(product_ids)
        numbers: Counter[int] = Counter()
        for start in range(0, len(ids), AT_ONCE):
            for function in self._functions.get(name, []):
                numbers.update(function(ids[start : start + AT_ONCE]))
        return {product: number for product, number in numbers.items() if number}


product_figures = ProductFigures()
