"""Which site a request is for, and where its pages begin: known without asking the database."""

from django.http import HttpRequest
from wagtail.models import Site
from wagtail.models.sites import SiteRootPath

from catalog import kept


def find(request: HttpRequest) -> Site | None:
    """As ``Site.find_for_request``, which from now on knows it too; ``get_url`` asks it for each
    page, and for the places where the sites begin.
    """
    if not hasattr(request, "_wagtail_site"):
        key = "site", request.get_host(), request.get_port()
        request._wagtail_site = kept.get(key, lambda: _site(request))
    if not hasattr(request, "_wagtail_cached_site_root_paths"):
        request._wagtail_cached_site_root_paths = root_paths()
    return request._wagtail_site


def root_paths() -> list[SiteRootPath]:
    """Where the pages of each site begin, in each language."""
    return kept.get("site root paths", _root_paths)


def _site(request: HttpRequest) -> Site | None:
    kept.shows("frame")
    return Site._find_for_request(request)


def _root_paths() -> list[SiteRootPath]:
    kept.shows("frame")
    return Site.get_site_root_paths()
