"""What people add to the Wagtail admin; each subject in a module of its own."""

from social.wagtail_hooks import newsletter, reviews

__all__ = ["newsletter", "reviews"]
