from django.urls import path

from social import private

app_name = "private"
urlpatterns = [path("", private.fragment, name="fragment")]
