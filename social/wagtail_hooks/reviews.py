"""Reviews in the Wagtail admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from social import reviews
from social.models import Review
from social.moderation import bulk
from social.moderation import urls as reviews_urls
from social.moderation.rights import policy


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLResolver]:
    return [path("reviews/", include(reviews_urls))]


class ReviewsMenuItem(MenuItem):
    """It says how many wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy.user_has_permission(request.user, "view")

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        component = super().render_component(request)
        if waiting := Review.objects.filter(state=Review.State.WAITING).count():
            component.label = _("Reviews (%(count)d)") % {"count": waiting}
        return component


@hooks.register("register_admin_menu_item")
def reviews_menu_item() -> MenuItem:
    return ReviewsMenuItem(
        gettext_lazy("Reviews"),
        reverse_lazy("shop_reviews:index"),
        name="reviews",
        icon_name="comment",
        order=214,
    )


@hooks.register("register_permissions")
def review_permissions() -> QuerySet:
    """So that a group can be given them in the Wagtail admin."""
    codenames = ["view_review", "change_review", "delete_review"]
    return Permission.objects.filter(content_type__app_label="social", codename__in=codenames)


class ReviewURLFinder(ModelAdminURLFinder):
    """The way from the site's history to a review, for those who may see it."""

    edit_url_name = "shop_reviews:review"
    permission_policy = policy


register_admin_url_finder(Review, ReviewURLFinder)

for action in bulk.ACTIONS:
    hooks.register("register_bulk_action", action)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(
        reviews.LOG_APPROVE, gettext_lazy("Approve review"), gettext_lazy("Review approved")
    )
    actions.register_action(
        reviews.LOG_HIDE, gettext_lazy("Hide review"), gettext_lazy("Review hidden")
    )
    actions.register_action(
        reviews.LOG_REPLY, gettext_lazy("Answer review"), gettext_lazy("Review answered")
    )
