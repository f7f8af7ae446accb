from django.urls import path, re_path

from social import wish_list_views as lists
from social import wish_views as wishes

app_name = "wishes"
urlpatterns = [
    path("account/lists/", lists.mine, name="mine"),
    path("account/lists/choose/", wishes.choose, name="choose"),
    path("account/lists/add/", wishes.add, name="add"),
    path("account/lists/remove/", wishes.remove, name="remove"),
    path("account/lists/<int:pk>/", lists.detail, name="list"),
    path("account/lists/<int:pk>/share/", lists.share, name="share"),
    path("account/lists/<int:pk>/delete/", lists.delete, name="delete"),
    path("account/lists/<int:pk>/tidy/", lists.tidy, name="tidy"),
    path("account/lists/<int:pk>/cart/", wishes.to_cart, name="to_cart"),
    # Whoever has the link; no page of the shop has an address like this.
    re_path(r"^lists/(?P<key>[A-Za-z0-9_-]{22})/$", lists.shared, name="shared"),
]
