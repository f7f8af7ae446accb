"""Wagtail's own bulk actions on pages, for the selection as it was meant."""

from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)

from .bulk_selection import ListedPages
from .life_delete import RetiringDelete
from .life_move import MovingInBackground
from .life_unpublish import TellingUnpublish


class Publish(ListedPages, PublishBulkAction):
    pass


class Unpublish(ListedPages, TellingUnpublish, UnpublishBulkAction):
    pass


class Move(ListedPages, MovingInBackground, MoveBulkAction):
    pass


class Delete(ListedPages, RetiringDelete, DeleteBulkAction):
    pass


ACTIONS = [Publish, Unpublish, Move, Delete]
