from .index import Entry, Gram, Pending, Word
from .terms import TermDay, TermsSaved

__all__ = ["Entry", "Gram", "Pending", "TermDay", "TermsSaved", "Word"]
