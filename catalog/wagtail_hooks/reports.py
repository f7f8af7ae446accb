from functools import partial

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from catalog.admin.reports import REPORTS
from catalog.admin.shop_report import ShopReport


class ReportMenuItem(MenuItem):
    """A report's place in the menu, for those who may read it."""

    def __init__(self, report: type[ShopReport], order: int) -> None:
        self.report = report
        super().__init__(
            report.page_title,
            reverse_lazy(report.index_name),
            name=report.index_name.replace("_", "-"),
            icon_name=report.header_icon,
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return self.report.is_for(request.user)


def report_urls(reports: list[type[ShopReport]]) -> list[URLPattern]:
    """Where each report and the part of it that changes while filtering are."""
    urls = []
    for report in reports:
        address = f"reports/{report.export_filename}/"
        urls += [
            path(address, report.as_view(), name=report.index_name),
            path(
                f"{address}results/",
                report.as_view(results_only=True),
                name=f"{report.index_name}_results",
            ),
        ]
    return urls


def register_reports(reports: list[type[ShopReport]], first: int) -> None:
    """Give reports their addresses and their places in the menu, from ``first`` on."""
    hooks.register("register_admin_urls", partial(report_urls, reports))
    for order, report in enumerate(reports, first):
        hooks.register("register_reports_menu_item", partial(ReportMenuItem, report, order))


register_reports(REPORTS, first=200)
