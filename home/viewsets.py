"""The menu item "Around the pages" in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, UpdatedAtColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from home.models import Announcement, Menu


class MenuViewSet(SnippetViewSet):
    model = Menu
    icon = "list-ul"
    menu_label = _("Menus")
    list_display = [
        "title",
        Column("get_place_display", label=_("Place"), sort_key="place"),
        UpdatedAtColumn(),
    ]
    list_filter = ["place"]
    search_fields = ["title"]
    search_backend_name = None


class AnnouncementViewSet(SnippetViewSet):
    model = Announcement
    icon = "comment"
    menu_label = _("Announcements")
    list_display = [
        "text",
        DateColumn("starts", label=_("From"), sort_key="starts"),
        DateColumn("ends", label=_("Until"), sort_key="ends"),
        UpdatedAtColumn(),
    ]
    list_filter = ["tone"]
    search_fields = ["text"]
    search_backend_name = None


class FrameGroup(SnippetViewSetGroup):
    menu_label = _("Around the pages")
    menu_name = "frame"
    menu_icon = "cogs"
    menu_order = 135
    items = (MenuViewSet, AnnouncementViewSet)
