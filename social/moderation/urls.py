"""The addresses of the reviews, below /admin/reviews/."""

from django.urls import path

from .detail import ApproveView, DeleteView, HideView, ReviewView
from .index import ReviewIndexView

app_name = "shop_reviews"
urlpatterns = [
    path("", ReviewIndexView.as_view(), name="index"),
    path("results/", ReviewIndexView.as_view(results_only=True), name="results"),
    path("<int:pk>/", ReviewView.as_view(), name="review"),
    path("<int:pk>/approve/", ApproveView.as_view(), name="approve"),
    path("<int:pk>/hide/", HideView.as_view(), name="hide"),
    path("<int:pk>/delete/", DeleteView.as_view(), name="delete"),
]
