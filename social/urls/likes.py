from django.urls import path

from social import like_views as views

app_name = "likes"
urlpatterns = [
    path("", views.mine, name="list"),
    path("add/", views.like, name="like"),
    path("remove/", views.unlike, name="unlike"),
]
