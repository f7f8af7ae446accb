from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page

from catalog.models import ProductPage
from social import views_counter


@hooks.register("before_serve_page")
def count_product_view(page: Page, request: HttpRequest, *_args: object) -> None:
    if isinstance(page, ProductPage) and request.method == "GET":
        views_counter.count(page.product_id)
