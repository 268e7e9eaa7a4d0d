"""The pages of the social rooms."""

from django.urls import include, path

urlpatterns = [
    path("", include("community.spaces.urls")),
    path("", include("community.forums.urls")),
    path("", include("community.direct.urls")),
    path("", include("community.ideas.urls")),
    path("", include("community.snippets.urls")),
    path("", include("community.calendar.urls")),
    path("", include("community.cases.urls")),
    path("", include("community.moderation.urls")),
    path("", include("community.notifications.urls")),
    path("", include("community.reputation.urls")),
    path("", include("community.insights.urls")),
]
