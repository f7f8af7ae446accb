"""What the grids in the browser ask: their rows, to save, to check a code, to make variants."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from catalog.keys import read_keys
from catalog.models import Product, ProductPage, Sku

from . import codes, combinations, grid, grid_saving, variants
from .forms import tax_choices
from .rights import Rights, may_see_codes, rights

# A browser sends at most the rows of one page of a grid.
MOST_AT_ONCE = grid.ROWS_PER_PAGE


class MalformedError(ValueError):
    """Not what the shop's own script sends."""


def json_view(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """A POST of JSON, answered with JSON."""

    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            asked = json.loads(request.body)
            if not isinstance(asked, dict):
                raise MalformedError
            return JsonResponse(view(request, asked, *args, **kwargs))
        except ValueError:
            return JsonResponse({"message": _("This could not be read.")}, status=400)

    return answer


def _page(request: HttpRequest, page_id: int) -> tuple[ProductPage, Rights]:
    page = get_object_or_404(ProductPage, pk=page_id)
    granted = rights(request.user, page)
    if not granted.some:
        raise PermissionDenied
    return page, granted


@require_GET
def product_grid(request: HttpRequest, page_id: int) -> HttpResponse:
    """The grid of one product, to be put into the page editor."""
    page, granted = _page(request, page_id)
    product = page.product
    options = grid.option_columns(page.get_latest_revision_as_object(), product)
    paginator = Paginator(grid.readable(product.skus), grid.ROWS_PER_PAGE)
    shown = paginator.get_page(request.GET.get("p"))
    columns = grid.shown_columns(granted, options)
    empty = grid.Row(None, page, grid.row_form(None, granted, options, tax_choices()), columns)
    context = {
        "page": page,
        "product": product,
        "rights": granted,
        "rows": grid.rows(shown.object_list, request.user, columns, options),
        "shown": shown,
        "empty": empty,
        "options": _option_values(product, options),
        "may_add": granted.every and (bool(options) or not shown.paginator.count),
        "reasons": grid.reasons(),
        "groups": grid.groups(),
    }
    return render(request, "catalog/admin/variant_grid.html", context)


def _option_values(product: Product, options: dict[str, str]) -> list[dict[str, Any]]:
    """For each option its name and the values that variants have, in their order."""
    found = {name: list(product.skus.values_list(name, flat=True)) for name in options}
    return [
        {"name": label, "values": list(dict.fromkeys(filter(None, found[name])))}
        for name, label in options.items()
    ]


@json_view
def save_rows(request: HttpRequest, asked: dict[str, Any]) -> dict[str, Any]:
    """Save rows of any grid, each for itself; ``rows`` of the answer are in their order."""
    rows = asked.get("rows")
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_AT_ONCE:
        raise MalformedError
    reason, note = grid.asked_reason(asked)
    answers = []
    for row in rows:
        if not isinstance(row, dict):
            raise MalformedError
        wanted = grid_saving.Asked.of(row, user=request.user, reason=reason, note=note)
        if row.get("sku"):
            answers.append(grid_saving.save_row(_number(row["sku"]), wanted))
        else:
            page, _granted = _page(request, _number(row.get("page")))
            answers.append(grid_saving.add_row(page, wanted))
    return {"rows": answers}


def _number(value: Any) -> int:
    if not isinstance(value, int | str) or isinstance(value, bool):
        raise MalformedError
    return int(value)


@require_GET
def check_code(request: HttpRequest) -> HttpResponse:
    """Whose code this is, as HTML with the way to it; empty where it is free."""
    if not may_see_codes(request.user):
        raise PermissionDenied
    code, own = request.GET.get("code", "").strip(), read_keys(request.GET.getlist("sku"))
    found = Sku.objects.with_codes([code]).select_related("product") if code else Sku.objects.none()
    other = found.exclude(pk__in=own).first()
    message = conditional_escape(codes.used_by(other, None)) if other else ""
    return JsonResponse({"message": message})


@json_view
def make_missing(request: HttpRequest, asked: dict[str, Any], page_id: int) -> dict[str, Any]:
    """Make the combinations of option values that no variant has yet."""
    page, granted = _page(request, page_id)
    if not granted.every:
        raise PermissionDenied
    values = asked.get("values")
    if not isinstance(values, list) or not all(
        isinstance(option, list) and all(isinstance(value, str) for value in option)
        for option in values
    ):
        raise MalformedError
    try:
        with transaction.atomic():
            made = combinations.make_missing(
                page.product, values, slug=page.slug, user=request.user
            )
            if made:
                log(page, grid.LOG_ACTION, user=request.user, data={"changes": made})
    except combinations.RefusedError as error:
        errors = {
            "" if number is None else str(number): told for number, told in error.errors.items()
        }
        return {"made": 0, "errors": errors}
    except IntegrityError:
        return {
            "made": 0,
            "errors": {"": _("Somebody else saved at the same moment. Please try once more.")},
        }
    message = ngettext("%(count)d variant was made.", "%(count)d variants were made.", len(made))
    return {
        "made": len(made),
        "errors": {},
        "message": message % {"count": len(made)}
        if made
        else _("There is one for each combination already."),
    }


@json_view
def save_product(request: HttpRequest, asked: dict[str, Any], page_id: int) -> dict[str, Any]:
    """Whether a product is digital."""
    page, granted = _page(request, page_id)
    digital = asked.get("is_digital")
    if not isinstance(digital, bool):
        raise MalformedError
    if not granted.sku:
        raise PermissionDenied
    with transaction.atomic():
        if changes := variants.set_digital(page.product, digital):
            log(page, grid.LOG_ACTION, user=request.user, data={"changes": changes})
    return {"is_digital": digital}
