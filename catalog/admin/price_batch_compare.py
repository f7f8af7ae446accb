"""What two drafts of a price batch differ in, said in products and prices."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.compare import FieldComparison
from wagtail.admin.panels import FieldPanel, Panel

from catalog.models import PriceBatch, ProductPage

# More lines than this are for the page "Prices".
MOST_SHOWN = 50


class ProductsComparison(FieldComparison):
    def htmldiff(self) -> SafeString:
        before, after = list(self.val_a or ()), list(self.val_b or ())
        keys = [*before, *(key for key in after if key not in before)]
        pages = ProductPage.objects.filter(pk__in=keys).values_list("pk", "draft_title")
        titles = dict(pages)
        return _marked(
            (titles.get(key, _("a deleted product")), key in before, key in after) for key in keys
        )


class LinesComparison(FieldComparison):
    def field_label(self) -> str:
        return _("Prices")

    def htmldiff(self) -> SafeString:
        before, after = ({code: amount for _sku, code, amount in lines} for lines in self._lines())
        changed = [
            code for code in sorted({*before, *after}) if before.get(code) != after.get(code)
        ]
        shown = _marked(
            row
            for code in changed[:MOST_SHOWN]
            for row in (
                (f"{code}: {before.get(code) or '–'}", True, False),
                (f"{code}: {after.get(code) or '–'}", False, True),
            )
            if code in (before if row[1] else after)
        )
        rest = len(changed) - MOST_SHOWN
        if rest <= 0:
            return shown
        more = ngettext("and %(count)s more price", "and %(count)s more prices", rest)
        return format_html("{}<p>{}</p>", shown, more % {"count": f"{rest:,}"})

    def _lines(self) -> tuple[list, list]:
        return self.val_a or [], self.val_b or []


def _marked(rows: Iterable[tuple[str, bool, bool]]) -> SafeString:
    """Texts with whether each was there before and is there now, as Wagtail marks them."""
    classes = {(True, False): "deletion", (False, True): "addition"}
    return format_html_join(
        "",
        '<div class="comparison__child-object {}">{}</div>',
        ((classes.get((before, after), ""), text) for text, before, after in rows),
    )


class ProductsPanel(FieldPanel):
    def get_comparison_class(self) -> type[FieldComparison]:
        return ProductsComparison


class LinesPanel(Panel):
    """The prices that were worked out: nothing to fill in, but to compare."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self) -> bool:
            return False

        def get_comparison(self) -> list:
            field = PriceBatch._meta.get_field("lines")
            return [lambda before, after: LinesComparison(field, before, after)]
