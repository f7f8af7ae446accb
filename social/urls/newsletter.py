from django.urls import path

from social.newsletter import views

app_name = "newsletter"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("asked/", views.asked, name="asked"),
    path("<str:key>/", views.confirm, name="confirm"),
    path("<str:key>/leave/", views.leave, name="leave"),
]
