"""The front of the house: the home page, pages of words, forms, and what stands around them."""

from home.models.forms import FormField, FormPage
from home.models.frame import Announcement, Menu
from home.models.journal import ArticlePage, ArticleTag, JournalPage
from home.models.pages import ContentPage, HomePage
from home.models.settings import ShopSettings

__all__ = [
    "Announcement",
    "ArticlePage",
    "ArticleTag",
    "ContentPage",
    "FormField",
    "FormPage",
    "HomePage",
    "JournalPage",
    "Menu",
    "ShopSettings",
]
