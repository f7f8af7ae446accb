"""Under which name a page is kept: what it may depend on, and nothing else."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from catalog.kept.public import is_parameter

# Longer addresses are answered, and not kept.
LONGEST_QUERY = 1_000
# What makes a page, beside the database: another release makes other pages.
SOURCES = ("*.py", "*.html", "*.mo", "*.css", "*.js")


def query_of(request: HttpRequest) -> str | None:
    """The parameters that public pages know, in one order; None where there are too many."""
    query = request.META.get("QUERY_STRING", "")
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    # Values of one name stay in the order in which they were given.
    known = sorted((pair for pair in pairs if is_parameter(pair[0])), key=lambda pair: pair[0])
    return urlencode(known)


def key_of(request: HttpRequest, query: str) -> str | None:
    """The language is in the path, and the currency is the shop's; None for a strange host."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    return f"{release()} {request.scheme}://{host}{request.path}?{query}"


@cache
def release() -> str:
    """A name for the code, the templates and the settings that this process works with."""
    said = hashlib.sha256(repr((settings.SHOP_CURRENCY, settings.BASE_URL)).encode())
    for path in sorted(_sources(Path(settings.BASE_DIR))):
        status = path.stat()
        said.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return said.hexdigest()[:12]


def _sources(folder: Path) -> list[Path]:
    apps = {path.parent for path in folder.glob("*/apps.py")}
    places = {*apps, folder / "site", folder / "templates", folder / "static"}
    return [path for place in places for name in SOURCES for path in place.rglob(name)]
