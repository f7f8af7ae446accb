from django.urls import path

from social import rankings, rankings_views

app_name = "rankings"
urlpatterns = [
    path("", rankings_views.ranking, name="list"),
    path("seen/", rankings_views.seen, name="seen"),
    path("because/", rankings_views.because, name="because"),
    path(f"{rankings.DEFAULT}/", rankings_views.default),
    path("<slug:slug>/", rankings_views.ranking, name="ranking"),
]
