from django.urls import path

from community.moderation import api

urlpatterns = [
    path("flags", api.FlagListApi.as_view(), name="flags"),
    path("reviews", api.ReviewListApi.as_view(), name="reviews"),
    path("reviews/<int:pk>/decision", api.ReviewDecideApi.as_view(), name="review-decide"),
    path("reviews/<int:pk>/undo", api.ReviewUndoApi.as_view(), name="review-undo"),
]
