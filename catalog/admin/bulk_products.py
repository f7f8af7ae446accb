"""What can be done to many products at once: price batch, grid of facts, tags, retirement."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import Tag
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.forms.tags import TagField
from wagtail.models import Page

from catalog import price_batches, retiring, retiring_many, tagging
from catalog.models import Job, ProductPage, ProductTag

from .bulk_selection import ListedPages
from .rights import rights

# More names than this help nobody decide.
MOST_NAMED = 20
# So many are done while one waits; a worker does more.
MOST_TO_WAIT_FOR = 25
MOST_TAGS_NAMED = 100


class ProductAction(ListedPages):
    """A bulk action that is about products; categories among the selection are left out."""

    most_at_once = 5_000
    template_name = "catalog/admin/bulk_products.html"
    form_class = forms.Form
    icon_name = "tag"
    # What the action says before it is done, and its buttons.
    explanation = ""
    agree = ""
    agree_class = ""
    decline = gettext_lazy("No, go back")

    @classmethod
    def get_queryset(cls, model: type[Page], object_ids: Iterable[Any]) -> list[Page]:
        # Their names and keys are all that is needed of most.
        return super().get_queryset(model, object_ids, light=True)

    def check_perm(self, page: Page) -> bool:
        return isinstance(page, ProductPage) and self.may(page)

    def may(self, page: ProductPage) -> bool:
        return page.permissions_for_user(self.request.user).can_publish()

    def object_context(self, page: Page) -> dict[str, Any]:
        return {"item": page}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "count": len(context["items"]),
            "items": context["items"][:MOST_NAMED],
            "more": max(len(context["items"]) - MOST_NAMED, 0),
            "left_out": len(context["items_with_no_access"]),
            "items_with_no_access": context["items_with_no_access"][:MOST_NAMED],
            "action": self,
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        self.cleaned_form = form
        pages, _without = self.get_actionable_objects()
        if not pages:
            return self.render_to_response(self.get_context_data(form=form))
        for hook in hooks.get_hooks("before_bulk_action"):
            answer = hook(self.request, self.action_type, pages, self)
            if hasattr(answer, "status_code"):
                return answer
        response = self.perform(pages)
        for hook in hooks.get_hooks("after_bulk_action"):
            answer = hook(self.request, self.action_type, pages, self)
            if hasattr(answer, "status_code"):
                return answer
        return response

    def perform(self, pages: list[ProductPage]) -> HttpResponse:
        raise NotImplementedError

    def announce(self, job: Job) -> HttpResponse:
        """A worker does it: lead to the page that shows how far it is."""
        messages.info(
            self.request,
            _("These are many, so it is done in the background. This page tells how far it is."),
        )
        return redirect("catalog_jobs:detail", job.pk)


class NewPriceBatch(ProductAction):
    display_name = gettext_lazy("New price batch")
    aria_label = gettext_lazy("Make a price batch of the selected products")
    action_type = "price_batch"
    action_priority = 60
    explanation = gettext_lazy(
        "The batch is a draft: no price changes before you have seen the difference "
        "and it is approved."
    )
    agree = gettext_lazy("Yes, make a price batch")

    def may(self, page: ProductPage) -> bool:
        return self.request.user.has_perm("catalog.add_pricebatch")

    def perform(self, pages: list[ProductPage]) -> HttpResponse:
        batch = price_batches.for_products(pages, self.request.user)
        return redirect(AdminURLFinder(self.request.user).get_edit_url(batch))


class PricesAndStock(ProductAction):
    """Changes nothing by itself: it leads to the grid, which asks for the rights again."""

    display_name = gettext_lazy("Prices & stock")
    aria_label = gettext_lazy("Edit prices and stock of the selected products")
    action_type = "prices_and_stock"
    action_priority = 70
    # As many keys as an address may hold.
    most_at_once = 300

    def may(self, page: ProductPage) -> bool:
        return rights(self.request.user, page).some

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        pages, _without = self.get_actionable_objects()
        if not pages:
            return super().get(request, *args, **kwargs)
        query = urlencode({"id": [page.pk for page in pages]}, doseq=True)
        return redirect(f"{reverse('catalog_many_variants')}?{query}")


class Retire(ProductAction):
    display_name = gettext_lazy("Retire")
    aria_label = gettext_lazy("Retire the selected products")
    action_type = "retire"
    action_priority = 80
    classes = {"serious"}
    agree_class = "serious"
    explanation = gettext_lazy(
        "A retired product is no longer sold: its SKUs go off sale and its pages to the archive, "
        "in all languages. Orders, reviews, stock and prices stay as they are, and you can "
        "bring it back."
    )
    agree = gettext_lazy("Yes, retire them")

    def may(self, page: ProductPage) -> bool:
        return retiring_many.may_retire(page, self.request.user)

    def perform(self, pages: list[ProductPage]) -> HttpResponse:
        user = self.request.user
        if len(pages) > MOST_TO_WAIT_FOR:
            with transaction.atomic():
                job = retiring_many.later([page.pk for page in pages], user=user)
            return self.announce(job)
        retired = retiring.retire(pages, user=user)
        messages.success(self.request, " ".join(retiring_many.sentences(len(retired))))
        return redirect(self.next_url)


class TagForm(forms.Form):
    add = TagField(
        label=gettext_lazy("Add these tags"),
        required=False,
        help_text=gettext_lazy("A comma or Enter ends a tag. One that does not exist yet is made."),
    )
    remove = forms.ModelMultipleChoiceField(
        Tag.objects.none(),
        label=gettext_lazy("Take these tags away"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, pages: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = ProductTag.objects.filter(content_object__in=list(pages)).values("tag")
        tags = Tag.objects.filter(pk__in=used).order_by("name")
        self.fields["remove"].queryset = tags
        # A choice among thousands is none; whoever removes one of those picks fewer products.
        if not tags.exists() or tags.count() > MOST_TAGS_NAMED:
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        remove = {tag.name.casefold() for tag in data.get("remove") or ()}
        both = [name for name in data.get("add") or () if name.casefold() in remove]
        if both:
            self.add_error(
                "add",
                ValidationError(
                    _("“%(tag)s” cannot be added and taken away at once."), params={"tag": both[0]}
                ),
            )
        elif not remove and not data.get("add") and not self.errors:
            raise ValidationError(_("Say which tags to add or to take away."))
        return data


class ChangeTags(ProductAction):
    display_name = gettext_lazy("Tag")
    aria_label = gettext_lazy("Add tags to the selected products, or take tags away")
    action_type = "tag"
    action_priority = 65
    form_class = TagForm
    explanation = gettext_lazy(
        "What is live gets the tags at once. Unpublished changes stay unpublished: their draft "
        "gets the tags too. What you may not publish gets them in its draft. Products that are "
        "locked, scheduled or waiting for approval are left as they are, and you are told which."
    )
    agree = gettext_lazy("Change the tags")

    def may(self, page: ProductPage) -> bool:
        return page.permissions_for_user(self.request.user).can_edit()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "pages": self.selected}

    def perform(self, pages: list[ProductPage]) -> HttpResponse:
        data = self.cleaned_form.cleaned_data
        change = {
            "add": list(data["add"]),
            "remove": [tag.name for tag in data.get("remove") or ()],
            "user": self.request.user,
        }
        keys = [page.pk for page in pages]
        if len(keys) > MOST_TO_WAIT_FOR:
            with transaction.atomic():
                job = tagging.later(keys, **change)
            return self.announce(job)
        for sentence in (outcome := tagging.retag(keys, **change)).sentences():
            tell = messages.warning if outcome.left else messages.success
            tell(self.request, sentence)
        return redirect(self.next_url)


ACTIONS = [NewPriceBatch, ChangeTags, PricesAndStock, Retire]
