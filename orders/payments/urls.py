"""Outside the languages: a gateway is told one address."""

from django.urls import path

from orders.payments import views

app_name = "payments"
urlpatterns = [path("messages/<slug:slug>/", views.message, name="message")]
