"""An XLSX that would be too long to be made while somebody waits."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages


def refuse(request: HttpRequest, listing: str, sentence: str, most: int) -> HttpResponse:
    """Lead back to the listing at this address as it was narrowed down, and say why."""
    messages.warning(request, sentence % {"most": intcomma(most)})
    asked = request.GET.copy()
    del asked["export"]
    return redirect(f"{listing}?{asked.urlencode()}")
