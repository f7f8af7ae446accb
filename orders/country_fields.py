"""Countries in forms and lists of the admin."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import ngettext, pgettext
from django_countries.fields import Country
from wagtail.admin.staticfiles import versioned_static

# A list has room for so many names.
MOST_NAMED = 3


class ChooseCountries(forms.CheckboxSelectMultiple):
    """Boxes to tick, in a space of their own: the world has some 250 countries."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attrs["class"] = "choose-several"

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": [versioned_static("admin/css/collections.css")]})


def in_words(countries: Iterable[Country]) -> str:
    """The names, the first few of many; all countries where none is chosen."""
    names = sorted(str(country.name) for country in countries)
    if not names:
        return pgettext("countries", "all")
    shown, more = ", ".join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if more <= 0:
        return shown
    text = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more)
    return text % {"names": shown, "count": more}
