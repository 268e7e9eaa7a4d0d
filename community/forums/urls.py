from django.urls import path

from community.forums.views import embed, lists, posts, topics, writing

app_name = "forums"
urlpatterns = [
    path("oembed/", embed.EmbedView.as_view(), name="oembed"),
    path("topics/", lists.IndexView.as_view(), name="index"),
    path("tags/<str:name>/", lists.TagView.as_view(), name="tag"),
    path("ask/similar/", topics.SimilarView.as_view(), name="similar"),
    path("ask/", topics.AskView.as_view(), name="ask"),
    path("s/<slug:slug>/", lists.SpaceView.as_view(), name="space"),
    path("s/<slug:slug>/new/", topics.TopicCreateView.as_view(), name="topic-create"),
    path("t/<int:pk>/reply/", posts.ReplyView.as_view(), name="reply"),
    path("t/<int:pk>/posts/", topics.PostsAfterView.as_view(), name="posts-after"),
    path("t/<int:pk>/related/", topics.RelatedView.as_view(), name="related"),
    path("t/<int:pk>/follow/", posts.FollowView.as_view(), name="topic-follow"),
    path("t/<int:pk>/act/", posts.TopicActView.as_view(), name="topic-act"),
    path("t/<int:pk>/", topics.TopicView.as_view(), name="topic"),
    path("t/<int:pk>/<str:slug>/", topics.TopicView.as_view(), name="topic-detail"),
    path("posts/<int:pk>/", topics.PostView.as_view(), name="post"),
    path("posts/<int:pk>/edit/", posts.PostEditView.as_view(), name="post-edit"),
    path("posts/<int:pk>/history/", posts.PostHistoryView.as_view(), name="post-history"),
    path("posts/<int:pk>/vote/", posts.VoteView.as_view(), name="post-vote"),
    path("posts/<int:pk>/accept/", posts.SolutionView.as_view(), name="post-accept"),
    path("preview/", writing.PreviewView.as_view(), name="preview"),
    path("unfold/", writing.UnfoldView.as_view(), name="unfold"),
    path("write/suggest/", writing.CompletionsView.as_view(), name="completions"),
]
