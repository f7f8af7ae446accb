"""The journal: articles with pictures and products, by date, year and tag."""

import re
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import Tag, TaggedItemBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from catalog import kept
from catalog.addresses import AddressMixin
from catalog.permissions import WORDS, DeskMixin
from catalog.previews import PreviewsMixin
from catalog.visibility import public_of_many
from home import reading
from home.blocks import BodyBlock
from home.models.body import BodyMixin

ARTICLES_PER_PAGE = 12
RELATED = 3
MOST_TAGS = 20
YEAR = re.compile(r"[12]\d{3}\Z", re.ASCII)


def today() -> Any:
    """In the time zone of the shop."""
    return timezone.localdate()


class JournalPage(PreviewsMixin, DeskMixin, AddressMixin, Page):
    """All articles, the latest first."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    desk_permission = WORDS
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.ArticlePage"]
    max_count_per_parent = 1
    show_in_menus_default = True

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journals")

    def articles(self) -> QuerySet["ArticlePage"]:
        """Those that everybody may see, the latest first."""
        if not self.path:
            return ArticlePage.objects.none()
        kept.shows(f"below:{self.path}")
        return public_of_many(ArticlePage.objects.child_of(self)).order_by("-published_on", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        articles = self.articles()
        years = _years(articles)
        tags = _tags(articles)
        year = _asked_year(request.GET.get("year", ""), years)
        tag = next((each for each in tags if each.slug == request.GET.get("tag")), None)
        found = articles.filter(published_on__year=year) if year else articles
        found = found.filter(tags=tag) if tag else found
        paginator = Paginator(with_pictures(found), ARTICLES_PER_PAGE)
        context |= {
            "page_obj": paginator.get_page(request.GET.get("page")),
            "years": years,
            "tags": tags,
            "year": year,
            "tag": tag,
        }
        return context


def _years(articles: QuerySet["ArticlePage"]) -> list[int]:
    found = articles.annotate(year=ExtractYear("published_on")).order_by("-year")
    return list(found.values_list("year", flat=True).distinct())


def _tags(articles: QuerySet["ArticlePage"]) -> list[Tag]:
    """The tags of these articles, those of most articles first."""
    keys = articles.order_by().values("pk")
    used = Tag.objects.filter(home_articletag_items__content_object__in=keys)
    return list(used.annotate(number=Count("pk")).order_by("-number", "name")[:MOST_TAGS])


def _asked_year(asked: str, years: list[int]) -> int | None:
    year = int(asked) if YEAR.match(asked) else None
    return year if year in years else None


def with_pictures(articles: QuerySet["ArticlePage"]) -> QuerySet["ArticlePage"]:
    """With all that teasers of them show."""
    rows = articles.select_related("locale", "picture").prefetch_related("picture__renditions")
    return rows.defer("body")


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey(
        "home.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )


class ArticlePage(BodyMixin, PreviewsMixin, DeskMixin, AddressMixin, Page):
    """One article. Its date is what readers see; when it goes live is Wagtail's to say."""

    intro = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences; lists of articles show them too."),
    )
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("At the head of the article, and in lists. Best in 16:9."),
    )
    published_on = models.DateField(_("date"), default=today)
    author = models.CharField(_("author"), max_length=120, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True, verbose_name=_("tags"))

    desk_permission = WORDS
    parent_page_types = ["home.JournalPage"]
    subpage_types: list[str] = []

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("picture"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("published_on"), FieldPanel("author")]),
                FieldPanel("tags"),
            ],
            heading=_("About the article"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.SearchField("author"),
        index.FilterField("published_on"),
    ]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        blocks = context["blocks"]()
        words = [self.intro, *blocks.stream_block.get_searchable_content(blocks)]
        context["minutes"] = reading.minutes(" ".join(map(str, words)))
        # The heading of the page is its title, whatever its first block is.
        context["hero_leads"] = False
        context["article_tags"] = list(self.tags.all())
        context["related"] = self._related(context["article_tags"])
        return context

    def _related(self, tags: list[Tag]) -> list["ArticlePage"]:
        """Other articles: those that share most tags with it, and then the latest."""
        parent = self.get_parent() if self.path else None
        if parent is None:
            return []
        kept.shows(f"below:{parent.path}")
        others = public_of_many(ArticlePage.objects.child_of(parent)).exclude(pk=self.pk)
        shared = Count("tagged_items", filter=Q(tagged_items__tag__in=tags))
        found = others.annotate(shared=shared).order_by("-shared", "-published_on", "-pk")
        return list(with_pictures(found)[:RELATED])
