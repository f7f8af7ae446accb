from django.urls import path

from social.account import addresses, newsletter, overview, privacy, profile, stock_wishes

app_name = "account"
urlpatterns = [
    path("", overview.home, name="home"),
    path("addresses/", addresses.addresses_list, name="addresses"),
    path("addresses/new/", addresses.add, name="address_add"),
    path("addresses/regions/", addresses.regions, name="address_regions"),
    path("addresses/<int:pk>/", addresses.edit, name="address"),
    path("addresses/<int:pk>/delete/", addresses.delete, name="address_delete"),
    path("closed/", privacy.closed, name="closed"),
    path("delete/", privacy.delete, name="delete"),
    path("newsletter/", newsletter.newsletter, name="newsletter"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/data/", privacy.data, name="data"),
    path("privacy/data/file/", privacy.data_file, name="data_file"),
    path("profile/", profile.edit, name="profile"),
    path("waiting/", stock_wishes.stock_wishes, name="stock_wishes"),
    path("waiting/<int:pk>/stop/", stock_wishes.stop_waiting, name="stop_waiting"),
]
