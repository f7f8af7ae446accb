"""Public pages are kept whole, compressed, in the memory of the process and in Redis.

``middleware`` decides, ``addresses`` says under which name a page is kept, ``pages`` what is
kept of it and how it is answered with, ``store`` where. Whether a kept page is still right is
said by the log of changes (``catalog.kept``). ``docs/decisions/0011`` gives the reasons.
"""

from storefront.page_cache.middleware import PageCacheMiddleware

__all__ = ["PageCacheMiddleware"]
