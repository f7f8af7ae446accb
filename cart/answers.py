"""How the cart answers a form: a script gets the part of the page that changed, others a page."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from cart.cart import Cart
from cart.lines import CartLine, lines_of, with_pages
from cart.pricing import offers


@dataclass(frozen=True)
class Outcome:
    """What became of a form, in words; ``code`` names the line that it was about."""

    level: int
    text: str
    code: str = ""
    # Whether the line has come back, so that focus goes to it.
    is_back: bool = False

    @property
    def tag(self) -> str:
        return messages.DEFAULT_TAGS[self.level]


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx sent the form and will put the answer into the page that is shown."""
    return "HX-Request" in request.headers


def leading(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, which leads a script's visitor to another page as it does everybody else.

    A script follows a redirect by itself, and would put that whole page into the one shown.
    """
    if wants_part(request) and isinstance(response, HttpResponseRedirect):
        return HttpResponseClientRedirect(response.url)
    return response


def panel(request: HttpRequest, cart: Cart, outcome: Outcome) -> HttpResponse:
    """To "Add to cart": the panel beside the product, or the cart page."""
    if not wants_part(request):
        return _page(request, outcome)
    lines = with_pages(line for line in cart if line.code == outcome.code)
    context = {"cart": cart, "outcome": outcome, "line": next(iter(lines), None)}
    # Of the request itself nothing is shown, so none of the context processors is asked.
    return HttpResponse(render_to_string("cart/partials/panel_answer.html", context))


def contents(
    request: HttpRequest, cart: Cart, outcome: Outcome | None, *, removed: str = ""
) -> HttpResponse:
    """To a form of the cart page: its contents as they are now.

    ``removed`` is the code of a line that was taken out, to be offered back.
    """
    if not wants_part(request):
        return _page(request, outcome, removed)
    context = {
        "cart": cart,
        "outcome": outcome,
        "removed": removed_line(cart, removed),
        "is_part": True,
    }
    return render(request, "cart/partials/contents_answer.html", context)


def removed_line(cart: Cart, code: str) -> CartLine | None:
    """What was taken out of the cart and can be put back, with its title."""
    entry = cart.removed().get(code)
    if entry is None:
        return None
    one = {code: entry}
    return with_pages(lines_of(one, offers(one)))[0]


def _page(request: HttpRequest, outcome: Outcome | None, removed: str = "") -> HttpResponse:
    if outcome:
        messages.add_message(request, outcome.level, outcome.text)
    if removed:
        return redirect(f"{reverse('cart:detail')}?{urlencode({'removed': removed})}")
    return redirect("cart:detail")
