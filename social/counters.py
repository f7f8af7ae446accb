"""Ask Redis about views and suggestions, or go on without it: nothing here may hold up a page.

What Redis holds is a copy, for speed, of what the database keeps: rebuilding.py makes it anew.
"""

from catalog.redis_client import ask

__all__ = ["FILLED", "ask"]

# Set when everything was written from the database. A Redis that was emptied has none, and what
# it counts from nought on is shown to nobody.
FILLED = "counters:filled"
