"""What columns say, in words that two of them can be compared by."""

from catalog.columns import bits
from catalog.columns.store import Columns


def shown(columns: Columns) -> dict:
    """All that is known of each page, by its key; and the keys in every order."""

    def keys(slots):
        return [columns.pages[slot] for slot in slots]

    def group(one):
        return {
            value: sorted(keys(bits.slots(one.having(value))))
            for value in one.names
            if one.having(value)
        }

    def numbers(column):
        return {
            key: column.of[slot]
            for key, slot in columns.slots.items()
            if column.between(None, None, 1 << slot)
        }

    return {
        "pages": sorted(keys(bits.slots(columns.everything))),
        "aliases": sorted(keys(bits.slots(columns.aliases))),
        "products": {product: sorted(keys(slots)) for product, slots in columns.of_product.items()},
        "locales": group(columns.locales),
        "brands": group(columns.brands),
        "names of brands": {key: columns.brand_names[key] for key in group(columns.brands)},
        "ratings": group(columns.ratings),
        "in stock": group(columns.in_stock),
        "on sale": group(columns.on_sale),
        "places": {
            path: sorted(keys(bits.slots(columns.places.below(path))))
            for path in columns.places.names
            if columns.places.below(path)
        },
        "further": {
            key: sorted(keys(bits.slots(slots))) for key, slots in columns.further.items() if slots
        },
        "prices": numbers(columns.prices),
        "changes": numbers(columns.changes),
        "choices": {key: group(one) for key, one in columns.choices.items()},
        "answers": {key: numbers(one) for key, one in columns.answers.items()},
        "orders": {
            sort: keys(order.of(columns.everything, 0, columns.size, backwards=backwards))
            for sort, (order, backwards) in columns.orders.items()
        },
    }
