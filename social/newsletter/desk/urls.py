"""Where the newsletter's desk is, below the admin."""

from django.urls import include, path

from . import issue_views, sendings, subscribers

_sendings = [
    path("", sendings.SendingIndexView.as_view(), name="index"),
    path("results/", sendings.SendingIndexView.as_view(results_only=True), name="results"),
    path("issues/<int:page_id>/", issue_views.SendIssueView.as_view(), name="send"),
    path("<int:pk>/", sendings.SendingView.as_view(), name="sending"),
    path("<int:pk>/state/", sendings.SendingStateView.as_view(), name="state"),
    path("<int:pk>/cancelling/", sendings.SendingCancelView.as_view(), name="cancelling"),
    path("<int:pk>/moment/", sendings.SendingMomentView.as_view(), name="moment"),
    path("<int:pk>/recipients/", sendings.DeliveryIndexView.as_view(), name="deliveries"),
    path(
        "<int:pk>/recipients/results/",
        sendings.DeliveryIndexView.as_view(results_only=True),
        name="deliveries_results",
    ),
    path("<int:pk>/<slug:action>/", sendings.SendingActionView.as_view(), name="act"),
]
_subscribers = [
    path("", subscribers.SubscriberIndexView.as_view(), name="index"),
    path("results/", subscribers.SubscriberIndexView.as_view(results_only=True), name="results"),
    path("<int:pk>/delete/", subscribers.SubscriberDeleteView.as_view(), name="delete"),
]
urlpatterns = [
    path("sendings/", include((_sendings, "newsletter_desk"))),
    path("subscribers/", include((_subscribers, "shop_subscribers"))),
]
