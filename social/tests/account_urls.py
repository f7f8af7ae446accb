"""The shop's addresses, with those of members where the shop itself does not have them yet."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from storefront.urls import urlpatterns as of_the_shop

urlpatterns = [
    *i18n_patterns(
        path("account/", include("social.urls")),
        prefix_default_language=False,
    ),
    *of_the_shop,
]
