"""Who may edit which kind of page: the tree says where, a model permission says what.

Wagtail grants rights on a branch of the tree, whatever stands there. Products, collections
and words stand in one tree but belong to different people, so a page of the shop asks for
both: the right on its branch, and the permission on its kind.
"""

from typing import Any

from wagtail.models import PagePermissionTester

PRODUCTS = "catalog.change_productpage"
COLLECTIONS = "catalog.change_collectionpage"
WORDS = "home.change_contentpage"


class DeskPermissionTester(PagePermissionTester):
    """As Wagtail's, for those who may edit this kind of page; to others it grants nothing.

    A page that ``holds`` other kinds lets those be added and published below it.
    """

    def __init__(self, user: Any, page: Any, needed: str, *, holds: bool) -> None:
        super().__init__(user, page)
        self.may = user.has_perm(needed)
        if not self.may and user.is_active:
            kept = {"add", "publish"} if holds else set()
            self.permissions = self.permissions & kept

    def can_unpublish(self) -> bool:
        return self.may and super().can_unpublish()

    def can_publish(self) -> bool:
        return self.may and super().can_publish()


class DeskMixin:
    """A page that belongs to one kind of editor; ``desk_permission`` names their permission."""

    desk_permission = PRODUCTS
    # Whether pages of other kinds, with permissions of their own, may stand below it.
    holds_other_kinds = False

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return DeskPermissionTester(user, self, self.desk_permission, holds=self.holds_other_kinds)
