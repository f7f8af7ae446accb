from django.urls import path

from orders import back_in_stock_views, checkout_views, views
from orders.documents import views as documents
from orders.payments import demo_card

app_name = "orders"
urlpatterns = [
    path("checkout/", checkout_views.checkout, name="checkout"),
    path("mine/", views.mine, name="mine"),
    path("back-in-stock/", back_in_stock_views.ask, name="ask"),
    path("back-in-stock/asked/", back_in_stock_views.asked, name="asked"),
    path("back-in-stock/<slug:key>/", back_in_stock_views.do_not_tell, name="do_not_tell"),
    path("<slug:secret>/", views.detail, name="order"),
    path("<slug:secret>/invoice.pdf", documents.invoice, name="invoice"),
    path("<slug:secret>/pay/", views.pay, name="pay"),
    path("<slug:secret>/paid/<uuid:key>/", views.paid, name="paid"),
    path("<slug:secret>/demo-card/<uuid:key>/", demo_card.page, name="demo_card"),
    path("<slug:secret>/cancel/", views.cancel, name="cancel"),
]
