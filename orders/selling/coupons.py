"""Coupons in the Wagtail admin: one by one, or many at once."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import IntegrityError
from django.db.models.deletion import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.viewsets.model import ModelViewSet

from orders.models import Coupon

from . import coupon_batches
from .coupon_form import CouponForm, CouponTermsForm, terms, too_few
from .coupon_lists import CouponIndexView

COUPONS_PER_PAGE = 50


class ManyCouponsForm(CouponTermsForm):
    prefix_text = forms.CharField(
        label=gettext_lazy("Codes begin with"),
        required=False,
        max_length=coupon_batches.LONGEST_PREFIX,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z",
                gettext_lazy("Only letters, digits and hyphens."),
            )
        ],
        help_text=gettext_lazy("Ten random letters follow, such as SPRING-7H3QM-0XK2V."),
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many"),
        validators=[MinValueValidator(2), MaxValueValidator(coupon_batches.MOST)],
        help_text=gettext_lazy("2 to 5,000. Each can be used once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].help_text = _("By it you find them again in the list.")

    def clean_note(self) -> str:
        note = self.cleaned_data["note"]
        if Coupon.objects.filter(note=note).exists():
            raise ValidationError(_("Other coupons have this note. Give these one of their own."))
        return note


class CouponDeleteView(DeleteView):
    """What an order used is part of its books; such a coupon is switched off instead."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = self.object.uses.count()
        return self._refuse(count) if count else super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError as error:
            return self._refuse(len(error.protected_objects))

    def _refuse(self, count: int) -> HttpResponse:
        message = ngettext(
            "“%(code)s” was used by %(count)d order and is part of its books. "
            "It cannot be deleted; switch it off instead.",
            "“%(code)s” was used by %(count)d orders and is part of their books. "
            "It cannot be deleted; switch it off instead.",
            count,
        )
        messages.error(self.request, message % {"code": self.object.code, "count": count})
        return redirect(self.edit_url_name, self.object.pk)


class CouponEditView(EditView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError:
            # Orders went on using it since the form was checked.
            used = Coupon.objects.get(pk=form.instance.pk).used
            if form.cleaned_data["most_uses"] is None or used <= form.cleaned_data["most_uses"]:
                raise
            form.add_error("most_uses", too_few(used))
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class ManyCouponsView(CreateView):
    """Make many coupons at once; then the list shows these, with a button to download them."""

    page_title = gettext_lazy("New")
    page_subtitle = gettext_lazy("Many coupons at once")
    submit_button_label = gettext_lazy("Make them")
    submit_button_active_label = gettext_lazy("Making them…")

    def save_instance(self) -> Coupon:
        values = self.form.cleaned_data
        made = coupon_batches.make(
            self.form.save(commit=False),
            values["categories"],
            prefix=values["prefix_text"],
            count=values["count"],
            user=self.request.user,
        )
        return made[0]

    def save_action(self) -> HttpResponse:
        count, note = self.form.cleaned_data["count"], self.object.note
        found = reverse(self.index_url_name) + "?" + urlencode({"note": note})
        message = ngettext("%(count)d coupon was made.", "%(count)d coupons were made.", count)
        download = messages.button(f"{found}&export=csv", _("Download them as CSV"))
        messages.success(self.request, message % {"count": count}, buttons=[download])
        return redirect(found)


class CouponViewSet(ModelViewSet):
    model = Coupon
    icon = "tag"
    name = "coupons"
    url_prefix = "coupons"
    menu_label = gettext_lazy("Coupons")
    copy_view_enabled = False
    list_per_page = COUPONS_PER_PAGE
    search_fields = ["code", "note"]
    search_backend_name = None
    list_export = [
        "code",
        "kind",
        "value",
        "valid_from",
        "valid_until",
        "minimum",
        "most_uses",
        "used",
        "note",
    ]
    export_filename = "coupons"
    index_view_class = CouponIndexView
    edit_view_class = CouponEditView
    delete_view_class = CouponDeleteView

    def get_edit_handler(self) -> Any:
        one = [FieldRowPanel([FieldPanel("code"), FieldPanel("note")])]
        panels = [MultiFieldPanel(one, heading=gettext_lazy("Coupon")), *terms()]
        return ObjectList(panels, base_form_class=CouponForm).bind_to_model(self.model)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            generate_url_name=self.get_url_name("generate"), **kwargs
        )

    @property
    def generate_view(self) -> Any:
        many = [
            FieldRowPanel([FieldPanel("prefix_text"), FieldPanel("count")]),
            FieldPanel("note"),
        ]
        panels = [MultiFieldPanel(many, heading=gettext_lazy("Codes")), *terms(is_many=True)]
        panel = ObjectList(panels, base_form_class=ManyCouponsForm).bind_to_model(self.model)
        kwargs = self.get_add_view_kwargs(panel=panel, form_class=panel.get_form_class())
        kwargs["add_url_name"] = self.get_url_name("generate")
        return self.construct_view(ManyCouponsView, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("generate/", self.generate_view, name="generate")]
