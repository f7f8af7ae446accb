"""The addresses of the desk, below /admin/orders/."""

from django.urls import path

from orders.documents import views as documents

from . import mails, moves, parcels, refund_views
from .address_views import AddressView
from .by_hand import SentByHandView
from .detail import OrderInspectView
from .index import OrderIndexView

app_name = "shop_orders"
ACTIONS = [
    moves.PayView,
    moves.PackView,
    moves.ShipView,
    moves.DeliverView,
    moves.ReturnView,
    moves.CancelView,
    moves.ClearAlertView,
    moves.NoteView,
    AddressView,
    parcels.SendRestView,
    refund_views.RefundView,
]

urlpatterns = [
    path("", OrderIndexView.as_view(), name="index"),
    path("results/", OrderIndexView.as_view(results_only=True), name="results"),
    path("slips/", documents.admin_slips, name="slips"),
    path("<int:pk>/", OrderInspectView.as_view(), name="inspect"),
    path(
        "<int:pk>/shipments/<int:shipment>/slip/", documents.admin_parcel_slip, name="parcel_slip"
    ),
    path("<int:pk>/invoice/", documents.admin_invoice, name="invoice"),
    *(
        path(f"<int:pk>/{view.name.replace('_', '-')}/", view.as_view(), name=view.name)
        for view in ACTIONS
    ),
    path(
        "<int:pk>/refunds/<int:refund>/",
        refund_views.RetryRefundView.as_view(),
        name="retry_refund",
    ),
    path("<int:pk>/shipments/<int:shipment>/", parcels.TrackingView.as_view(), name="tracking"),
    path(
        "<int:pk>/refunds/<int:refund>/sent/",
        SentByHandView.as_view(),
        name="sent_by_hand",
    ),
    path("<int:pk>/mails/<int:row>/", mails.MailPreviewView.as_view(), name="mail"),
    path("<int:pk>/mails/<int:row>/html/", mails.MailHtmlView.as_view(), name="mail_html"),
    path("<int:pk>/mails/<int:row>/again/", mails.SendAgainView.as_view(), name="send_again"),
]
