"""What every action at the desk is: a page that asks, and a POST that does it once.

The page holds a short name for how the order stood when it was shown (``seen``). Under the
order's lock it is compared: an order that moved on meanwhile, or a second click, gives a
message instead of a second effect.
"""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from orders import states
from orders.models import Order
from orders.payments.refunds import RefundError

from .rights import CHANGE, VIEW, NeedsMixin
from .seen import seen

Text = str | Promise


class MovedOnError(Exception):
    """The order does not stand as it stood when the form was shown."""


class OrderActionView(NeedsMixin, WagtailAdminTemplateMixin, FormView):
    """One thing to do with one order. Subclasses say what, when it may be done, and do it."""

    needed = (VIEW, CHANGE)
    template_name = "orders/admin/order_action.html"
    form_class: type[forms.Form] = forms.Form
    # The end of its address and of the name of its address.
    name: ClassVar[str]
    label: ClassVar[Text]
    icon: ClassVar[str] = "check"
    explanation: ClassVar[Text] = ""
    done: ClassVar[Text] = ""
    is_serious = False
    # Whether it may only be done to an order that stands as it was seen.
    needs_fresh_look = True

    @classmethod
    def is_possible(cls, order: Order) -> bool:
        """Whether the order stands so that this can be done now."""
        raise NotImplementedError

    @classmethod
    def url(cls, order: Order) -> str:
        return reverse(f"shop_orders:{cls.name}", args=[order.pk])

    def perform(self, order: Order, data: dict[str, Any]) -> None:
        """Do it, to an order that is held and stands as it was seen."""
        raise NotImplementedError

    @cached_property
    def order(self) -> Order:
        return get_object_or_404(Order, pk=self.kwargs["pk"])

    def must_belong(self) -> None:
        """Http404 where the address names something that is not the order's."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.must_belong()
        if not self.is_possible(self.order):
            return self.refuse()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.must_belong()
        if not self.is_possible(self.order):
            return self.refuse()
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        # What a form has worked out beyond its data, such as what was typed for each line.
        self.form: Any = form
        try:
            with transaction.atomic():
                order = states.locked(self.order)
                if not self.is_possible(order) or self._is_stale(order):
                    raise MovedOnError
                self.perform(order, form.cleaned_data)
        except (MovedOnError, states.IllegalTransitionError):
            return self.refuse()
        except (RefundError, ValidationError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
            return self.form_invalid(form)
        messages.success(self.request, self.done_message(form))
        return self.back()

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        # It may be wrong only because somebody else did it in the moment since it was looked at.
        if not self.is_possible(Order.objects.get(pk=self.order.pk)):
            return self.refuse()
        return super().form_invalid(form)

    def _is_stale(self, order: Order) -> bool:
        return self.needs_fresh_look and self.request.POST.get("seen") != seen(order)

    def done_message(self, form: forms.Form) -> Text:
        return self.done

    def refuse(self) -> HttpResponse:
        """Say that it cannot be done now, and show the order as it is."""
        order = Order.objects.get(pk=self.order.pk)
        sentence = _(
            "Nothing was done: the order %(number)s has moved on meanwhile. "
            "It is “%(state)s” now; please look at it again."
        )
        state = order.get_state_display()
        messages.warning(self.request, sentence % {"number": order.number, "state": state})
        return self.back()

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(self.order_url)

    @property
    def order_url(self) -> str:
        return reverse("shop_orders:inspect", args=[self.order.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A form that comes back with errors still knows what was seen when it was first shown.
        was_seen = self.request.POST.get("seen") or seen(self.order)
        return super().get_context_data(
            order=self.order, order_url=self.order_url, action=self, seen=was_seen, **kwargs
        )

    def get_page_title(self) -> Text:
        return self.label

    def get_page_subtitle(self) -> str:
        return self.order.number

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("shop_orders:index"), "label": _("Orders")},
            {"url": self.order_url, "label": self.order.number},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_header_icon(self) -> str:
        return self.icon


class OrderFormView(OrderActionView):
    """An action whose form is about the order."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "order": self.order}
