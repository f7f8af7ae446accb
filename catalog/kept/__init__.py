"""What was made once is kept until something that it shows has changed, in every process.

Whatever is made says what it shows, by tags; whoever changes something says which tags that
concerns. Pages (``storefront.page_cache``) and values (``get``) are kept by the same rule.

========================  =====================================================================
tag                       says that something depends on
========================  =====================================================================
``page:<key>``            the story of a page: title, texts, pictures, address
``below:<path>``          which pages of words or categories stand below a page, and what they show
``product:<key>``         all facts of a product: prices, stock, ratings, likes
``card:<key>``            what a listing shows of a product, which is not how many are left
``in:<path>``             which products stand in a category (by its path) or below, and sorted how
``listed``                which products there are in the whole shop, and sorted how
``frame``                 what stands around every page and what the shop has set
``further``               which categories list products that stand elsewhere
``words``                 by which words pages are found
``promotions``            for which searches editors have promoted anything
``attributes``            which questions products answer, and how answers are spelled
``counted:<keys>``        how often products (by key, between commas) were viewed or sold
========================  =====================================================================
"""

from catalog.kept.log import changed, is_unknown, listen, view
from catalog.kept.memory import forget, from_here, get, get_many, has_begun, is_known
from catalog.kept.noting import EVERYTHING, Notes, each_time, noting, shows, until

__all__ = [
    "EVERYTHING",
    "Notes",
    "changed",
    "each_time",
    "forget",
    "from_here",
    "get",
    "get_many",
    "has_begun",
    "is_known",
    "is_unknown",
    "listen",
    "noting",
    "shows",
    "until",
    "view",
]
