from django.urls import path

from social import review_views

app_name = "reviews"
urlpatterns = [
    path("account/reviews/", review_views.mine, name="mine"),
    path("account/reviews/write/<int:product_id>/", review_views.write, name="write"),
    path("account/reviews/<int:pk>/delete/", review_views.delete, name="delete"),
    # Public, and no member's own.
    path("reviews/<int:product_id>/", review_views.of_product, name="of_product"),
]
