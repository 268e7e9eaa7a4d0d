from django.urls import path

from community.forums import api

urlpatterns = [
    path("topics", api.TopicListApi.as_view(), name="topics"),
    path("topics/<int:pk>", api.TopicApi.as_view(), name="topic"),
    path("topics/<int:pk>/posts", api.PostListApi.as_view(), name="posts"),
    path("topics/<int:pk>/solution", api.SolutionApi.as_view(), name="solution"),
    path("posts/<int:pk>/vote", api.PostVoteApi.as_view(), name="post-vote"),
]
