"""The map of the whole shop, Wagtail's pages last."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from catalog.admin.page_views import edit_url

urlpatterns = [
    # Wagtail's own editor at its own address, with the shop's panel beside it.
    path("admin/", include([edit_url()])),
    path("admin/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("payments/", include("orders.payments.urls")),
    path("documents/", include(wagtaildocs_urls)),
    # Asked for by browsers on pages that name no icon, such as the Django admin's.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/mark.svg")),
]

if settings.SERVE_MEDIA:
    # Pictures only: documents may be private, and Wagtail asks who reads them.
    urlpatterns += [
        re_path(
            rf"^{settings.MEDIA_URL.strip('/')}/(?P<path>(images|original_images)/.*)$",
            serve,
            {"document_root": settings.MEDIA_ROOT},
        )
    ]

urlpatterns += i18n_patterns(
    path("cart/", include("cart.urls")),
    path("orders/", include("orders.urls")),
    path("search/", include("search.urls")),
    path("account/", include("social.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
