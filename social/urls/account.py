from django.urls import path

from social.account import addresses, overview, profile, stock_wishes

app_name = "account"
urlpatterns = [
    path("", overview.home, name="home"),
    path("addresses/", addresses.addresses_list, name="addresses"),
    path("addresses/new/", addresses.add, name="address_add"),
    path("addresses/regions/", addresses.regions, name="address_regions"),
    path("addresses/<int:pk>/", addresses.edit, name="address"),
    path("addresses/<int:pk>/delete/", addresses.delete, name="address_delete"),
    path("profile/", profile.edit, name="profile"),
    path("waiting/", stock_wishes.stock_wishes, name="stock_wishes"),
    path("waiting/<int:pk>/stop/", stock_wishes.stop_waiting, name="stop_waiting"),
]
