"""Invoices and packing slips as PDF.

Facts (``facts.py``) become a letter, words and amounts in the reader's language
(``invoice_letter.py``, ``slip_letter.py``), and a letter becomes paper (``paper.py``). Only
``invoice.py`` and ``slips.py`` know the books.
"""
