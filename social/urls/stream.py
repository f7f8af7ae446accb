from django.urls import URLPattern

app_name = "stream"
urlpatterns: list[URLPattern] = []
