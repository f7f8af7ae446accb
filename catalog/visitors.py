"""Who asks for a page: a person who looks at it, or a program that fetches it."""

import re

from django.http import HttpRequest

# A browser's name begins with this, for reasons of thirty years ago; that of curl, of libraries
# and of most programs that fetch pages does not.
LIKE_A_BROWSER = ("Mozilla/", "Opera/")
# What crawlers, monitors, previewers and browsers without a person call themselves all the
# same. CUBOT makes telephones.
PROGRAMS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|scrap|archive|fetch|preview|headless|phantom|puppeteer"
    r"|playwright|selenium|webdriver|cypress|lighthouse|pagespeed|page speed|gtmetrix|pingdom"
    r"|\bping\b|pinger|uptime|monitor|statuscake|site24x7|datadog|synthetic|zabbix|nagios"
    r"|validator|scanner|checker|facebookexternal|facebookcatalog|meta-external|whatsapp/|mediapartners|googleother"
    r"|google-|-google|inspectiontool|chatgpt|claude|perplexity|cohere|embedly|quora link|outbrain"
    r"|vkshare|iframely|bitlyhero|feedburner|rss|node\.js|jsdom|python|httrack|wget|curl"
    r"|https?://",
    re.IGNORECASE,
)
LONGEST_NAME = 512


def is_person(request: HttpRequest) -> bool:
    """Whether a browser asks, of somebody who has the page before them or will in a moment."""
    name = name_of(request)
    return (
        name.startswith(LIKE_A_BROWSER)
        and not PROGRAMS.search(name)
        and not _is_ahead_of_time(request)
        and not _is_from_elsewhere(request)
    )


def name_of(request: HttpRequest) -> str:
    """What the browser calls itself."""
    # Not ``request.headers``, which reads all headers for one: pages that are kept ask this.
    return request.META.get("HTTP_USER_AGENT", "")[:LONGEST_NAME]


def _is_ahead_of_time(request: HttpRequest) -> bool:
    """Fetched in case somebody goes there."""
    names = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
    given = (request.META.get(name, "") for name in names)
    return any("prefetch" in value or "prerender" in value for value in given)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Another site's page asked, as a picture would; browsers say so, where they say anything."""
    return request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") != "same-origin"
