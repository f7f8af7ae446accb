"""Where to begin for somebody who has asked for nothing yet."""

from datetime import timedelta
from typing import Any

from django.db.models import Min, Sum
from django.utils import timezone
from wagtail.models import Page

from catalog import places
from search.finding import most_viewed
from search.models import TermDay

PERIOD = timedelta(days=30)
MOST_TERMS = 10
# What fewer have asked for is nobody's business but theirs.
LEAST_ASKED = 5


def context(home: Page) -> dict[str, Any]:
    return {
        "popular": popular_terms(home),
        "places": places.categories_below(home.path),
        "most_viewed": most_viewed(home),
    }


def popular_terms(home: Page) -> list[str]:
    """What was asked for most in the last 30 days, in this language, and was always found."""
    days = TermDay.objects.filter(
        day__gt=timezone.now().date() - PERIOD, language=home.locale.language_code
    )
    rows = days.values("query__query_string").annotate(asked=Sum("asked"), least=Min("found"))
    rows = rows.filter(asked__gte=LEAST_ASKED, least__gt=0).order_by(
        "-asked", "query__query_string"
    )
    return list(rows.values_list("query__query_string", flat=True)[:MOST_TERMS])
