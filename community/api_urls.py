"""The API of the social rooms, under /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("", include("community.spaces.api_urls")),
    path("", include("community.forums.api_urls")),
    path("", include("community.direct.api_urls")),
    path("", include("community.ideas.api_urls")),
    path("", include("community.snippets.api_urls")),
    path("", include("community.calendar.api_urls")),
    path("", include("community.cases.api_urls")),
    path("", include("community.moderation.api_urls")),
    path("", include("community.notifications.api_urls")),
]
