from django.urls import URLPattern

app_name = "wishes"
urlpatterns: list[URLPattern] = []
