from django.urls import path

from social import stream_views as views

app_name = "stream"
urlpatterns = [
    path("", views.stream, name="list"),
    path("news/", views.news, name="news"),
]
