"""Addresses of ideas. An idea's own page is its topic's."""

from django.urls import path

from community.ideas import views

app_name = "ideas"
urlpatterns = [
    path("ideas/", views.BoardView.as_view(), name="board"),
    path("ideas/roadmap/", views.RoadmapView.as_view(), name="roadmap"),
    path("ideas/new/", views.IdeaCreateView.as_view(), name="create"),
    path("ideas/similar/", views.SimilarView.as_view(), name="similar"),
    path("ideas/<int:pk>/vote/", views.VoteView.as_view(), name="vote"),
    path("ideas/<int:pk>/status/", views.StatusView.as_view(), name="status"),
    path("ideas/<int:pk>/merge/", views.MergeView.as_view(), name="merge"),
]
