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
    path("back-in-stock/<str:key>/", back_in_stock_views.do_not_tell, name="do_not_tell"),
    path("<str:secret>/", views.detail, name="order"),
    path("<str:secret>/invoice.pdf", documents.invoice, name="invoice"),
    path("<str:secret>/pay/", views.pay, name="pay"),
    path("<str:secret>/paid/<uuid:key>/", views.paid, name="paid"),
    path("<str:secret>/demo-card/<uuid:key>/", demo_card.page, name="demo_card"),
    path("<str:secret>/cancel/", views.cancel, name="cancel"),
]
