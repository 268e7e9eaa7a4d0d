"""Addresses of ideas under /api/v1/."""

from django.urls import path

from community.ideas import api

urlpatterns = [
    path("ideas", api.IdeaListApi.as_view(), name="ideas"),
    path("ideas/<int:pk>", api.IdeaApi.as_view(), name="idea"),
    path("ideas/<int:pk>/vote", api.IdeaVoteApi.as_view(), name="idea-vote"),
]
