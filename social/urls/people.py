from django.urls import path

from social import people_views as views

app_name = "people"
urlpatterns = [
    path("", views.people_list, name="list"),
    path("<str:username>/", views.profile, name="profile"),
    path("<str:username>/followers/", views.followers, name="followers"),
    path("<str:username>/following/", views.following, name="following"),
    path("<str:username>/follow/", views.follow, name="follow"),
    path("<str:username>/unfollow/", views.unfollow, name="unfollow"),
]
