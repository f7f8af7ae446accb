"""What is pasted into a rich text comes without scripts, and the editor is told."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static


@hooks.register("insert_editor_js")
def pasting_script() -> SafeString:
    return format_html(
        '<script src="{}" data-left-out="{}"></script>',
        versioned_static("admin/js/pasting.js"),
        _("Scripts and embedded pages were left out of what you pasted. The words are all here."),
    )
