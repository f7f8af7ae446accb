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
from home.maintenance import health
from home.seo import robots, sitemaps
from home.serving import serve as serve_page
from home.videos import video
from social.entrance import LogOut, to_login

handler429 = "social.entrance.too_many"

MEDIA_FOLDERS = "images|original_images|members|reviews"

urlpatterns = [
    # One way in for everybody, with its limits and the second factor.
    path("admin/login/", to_login),
    path("django-admin/login/", to_login),
    path("admin/logout/", LogOut.as_view()),
    path("django-admin/logout/", LogOut.as_view()),
    path(
        "django-admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
    ),
    # Wagtail's own editor at its own address, with the shop's panel beside it.
    path("admin/", include([edit_url()])),
    path("admin/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("payments/", include("orders.payments.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("videos/<int:pk>/<str:filename>", video, name="video"),
    path("health/", health, name="health"),
    path("robots.txt", robots.robots_txt, name="robots_txt"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-shop.xml", sitemaps.of_shop, name="sitemap_of_shop"),
    path("sitemap-<int:number>.xml", sitemaps.of_pages, name="sitemap_of_pages"),
    # Asked for by browsers on pages that name no icon, such as the Django admin's.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/mark.svg")),
]

if settings.SERVE_MEDIA:
    # Pictures only: documents may be private, and Wagtail asks who reads them.
    urlpatterns += [
        re_path(
            rf"^{settings.MEDIA_URL.strip('/')}/(?P<path>({MEDIA_FOLDERS})/.*)$",
            serve,
            {"document_root": settings.MEDIA_ROOT},
        )
    ]

# Wagtail's own, except for how a page is served, which is its last.
pages = [
    # Whom a page lets in that members alone may see: by the shop's login, with its second factor.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    *wagtail_urls.urlpatterns[:-1],
    re_path(wagtail_urls.serve_pattern, serve_page, name="wagtail_serve"),
]
urlpatterns += i18n_patterns(
    path("cart/", include("cart.urls")),
    path("orders/", include("orders.urls")),
    path("search/", include("search.urls")),
    path("feeds/", include("home.seo.urls")),
    path("account/", include("social.urls.account")),
    path("account/likes/", include("social.urls.likes")),
    path("", include("social.urls.reviews")),
    path("", include("social.urls.wishes")),
    path("account/", include("social.urls.entrance")),
    path("me/", include("social.urls.private")),
    path("people/", include("social.urls.people")),
    path("stream/", include("social.urls.stream")),
    path("rankings/", include("social.urls.rankings")),
    path("subscriptions/", include("social.urls.newsletter")),
    path("", include(pages)),
    prefix_default_language=False,
)
