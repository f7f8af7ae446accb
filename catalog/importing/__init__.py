"""Product CSVs, as Shopify exports them, become pages and facts.

``rows`` reads a file, ``shopify`` turns its rows into drafts of products (both know
no database), ``run`` writes them, and ``report`` says what became of each row.
"""
