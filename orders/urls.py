from django.urls import path

from orders import checkout_views, views

app_name = "orders"
urlpatterns = [
    path("checkout/", checkout_views.checkout, name="checkout"),
    path("mine/", views.mine, name="mine"),
    path("<str:secret>/", views.detail, name="order"),
    path("<str:secret>/pay/", views.pay, name="pay"),
    path("<str:secret>/paid/<uuid:key>/", views.paid, name="paid"),
    path("<str:secret>/cancel/", views.cancel, name="cancel"),
]
