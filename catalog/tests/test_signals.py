"""What apps above the catalogue say of products, asked by name."""

from catalog import signals
from catalog.signals import ProductFigures


def test_whoever_registered_for_a_name_is_asked_and_noughts_are_left_out():
    figures = ProductFigures()

    @figures.register("seen")
    def seen(keys):
        return {key: key * 10 for key in keys}

    assert figures.of("seen", [0, 1, 2]) == {1: 10, 2: 20}
    assert figures.is_known("seen")


def test_where_nobody_registered_nothing_is_known():
    figures = ProductFigures()

    assert figures.of("seen", [1]) == {}
    assert not figures.is_known("seen")


def test_numbers_of_several_add_up_and_nobody_counts_twice():
    figures = ProductFigures()
    by_web = figures.register("seen")(lambda keys: {1: 3, 2: 1})
    figures.register("seen")(lambda keys: {1: 4})
    figures.register("seen")(by_web)

    assert figures.of("seen", [1, 2]) == {1: 7, 2: 1}


def test_of_many_products_nobody_is_asked_at_once_for_more_than_a_query_carries(monkeypatch):
    monkeypatch.setattr(signals, "AT_ONCE", 2)
    figures = ProductFigures()
    asked = []

    @figures.register("seen")
    def seen(keys):
        asked.append(list(keys))
        return dict.fromkeys(keys, 1)

    assert figures.of("seen", iter([1, 2, 3, 4, 5])) == dict.fromkeys([1, 2, 3, 4, 5], 1)
    assert asked == [[1, 2], [3, 4], [5]]
