"""The other baseline: a shop that is nothing but Wagtail, with a page for each product.

As one writes it after Wagtail's tutorial: one picture, its tag, and no thought of speed.
"""
