"""Feeds, in each language at an address of its own."""

from django.urls import path

from home.seo import catalogue, merchant, news

app_name = "feeds"

urlpatterns = [
    path("products.rss", news.products, {"kind": news.Rss}, name="products_rss"),
    path("products.atom", news.products, {"kind": news.Atom}, name="products_atom"),
    path("journal.rss", news.journal, {"kind": news.Rss}, name="journal_rss"),
    path("journal.atom", news.journal, {"kind": news.Atom}, name="journal_atom"),
    path("google.xml", merchant.feed, name="google"),
    path("catalogue.jsonl", catalogue.feed, name="catalogue"),
]
