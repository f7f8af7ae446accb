"""Mails in the Wagtail admin: the words they are written in, and what became of each."""
