"""The newsletter in the Wagtail admin."""
