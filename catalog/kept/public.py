"""Which pages are the same for everybody, and may be kept whole."""

import re
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# All parameters that any public page reads, as they are told by ``public_page``.
_known: set[str] = set()
# The facets of a listing that an editor has made (catalog.asked.key_of), and their limits.
_ATTRIBUTE = re.compile(r"a[0-9]{1,10}(_from|_to)?")


def public_page(*parameters: str) -> Callable[[View], View]:
    """The decorated view shows the same to everybody, for so many parameters of the address.

    It is called without cookies, and only with parameters that some public page reads.
    """
    _known.update(parameters)

    def decorate(view: View) -> View:
        view.is_public_page = True
        return view

    return decorate


def is_public(view: Callable[..., HttpResponseBase]) -> bool:
    return getattr(view, "is_public_page", False)


def is_parameter(name: str) -> bool:
    """Whether any public page reads a parameter of this name."""
    return name in _known or _ATTRIBUTE.fullmatch(name) is not None
