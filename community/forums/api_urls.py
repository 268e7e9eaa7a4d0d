from django.urls import path

from community.forums import api, api_acts, api_bookmarks, api_mutes, api_polls, api_reactions

urlpatterns = [
    path("topics", api.TopicListApi.as_view(), name="topics"),
    path("topics/acts", api_acts.TopicActsApi.as_view(), name="topics-act"),
    path("topics/acts/<int:pk>", api_acts.TopicActApi.as_view(), name="topics-act-undo"),
    path("topics/<int:pk>/split", api_acts.TopicSplitApi.as_view(), name="topic-split"),
    path("topics/<int:pk>", api.TopicApi.as_view(), name="topic"),
    path("topics/<int:pk>/posts", api.PostListApi.as_view(), name="posts"),
    path("topics/<int:pk>/solution", api.SolutionApi.as_view(), name="solution"),
    path("topics/<int:pk>/take", api.TopicTakeApi.as_view(), name="topic-take"),
    path("topics/<int:pk>/needs-info", api.TopicNeedsInfoApi.as_view(), name="topic-needs-info"),
    path("bookmarks", api_bookmarks.BookmarkListApi.as_view(), name="bookmarks"),
    path("muted", api_mutes.MutedListApi.as_view(), name="muted"),
    path("muted/spaces/<slug:slug>", api_mutes.MutedSpaceApi.as_view(), name="muted-space"),
    path("muted/tags/<str:name>", api_mutes.MutedTagApi.as_view(), name="muted-tag"),
    path("posts/<int:pk>/bookmark", api_bookmarks.PostBookmarkApi.as_view(), name="post-bookmark"),
    path("posts/<int:pk>/reactions", api_reactions.PostReactionsApi.as_view(), name="post-reactions"),
    path("posts/<int:pk>/poll", api_polls.PostPollApi.as_view(), name="post-poll"),
    path("posts/<int:pk>/rules", api_reactions.PostRulesApi.as_view(), name="post-rules"),
    path("posts/<int:pk>/vote", api.PostVoteApi.as_view(), name="post-vote"),
]
