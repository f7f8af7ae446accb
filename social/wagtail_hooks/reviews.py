"""Reviews in the Wagtail admin."""
