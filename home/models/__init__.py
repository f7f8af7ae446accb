"""The front of the house: the home page, pages of words, forms, and the shop's own settings."""

from home.models.forms import FormField, FormPage
from home.models.journal import ArticlePage, ArticleTag, JournalPage
from home.models.pages import ContentPage, HomePage
from home.models.settings import ShopSettings

__all__ = [
    "ArticlePage",
    "ArticleTag",
    "ContentPage",
    "FormField",
    "FormPage",
    "HomePage",
    "JournalPage",
    "ShopSettings",
]
