from .index import Entry, Gram, Pending, Word

__all__ = ["Entry", "Gram", "Pending", "Word"]
