"""What people add to the Wagtail admin; each subject in a module of its own."""

from social.wagtail_hooks import newsletter, people, reviews

__all__ = ["newsletter", "people", "reviews"]
