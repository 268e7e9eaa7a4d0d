from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("search/", views.ResultsView.as_view(), name="results"),
    path("search/suggest/", views.SuggestView.as_view(), name="suggest"),
    path("search/click/<str:token>/<slug:kind>/<int:pk>/<int:rank>/", views.ClickView.as_view(), name="click"),
    path("search/feed/", views.SearchFeed(), name="feed"),
    path("search/saved/", views.SavedListView.as_view(), name="saved"),
    path("search/saved/<int:pk>/tell/", views.SavedTellView.as_view(), name="saved-tell"),
    path("search/saved/<int:pk>/remove/", views.SavedRemoveView.as_view(), name="saved-remove"),
    path("search/recent/forget/", views.RecentForgetView.as_view(), name="recent-forget"),
    path("search/pins/", views.PinListView.as_view(), name="pins"),
    path("search/pins/<int:pk>/remove/", views.PinRemoveView.as_view(), name="pin-remove"),
    path("search/synonyms/", views.SynonymsListView.as_view(), name="synonyms"),
    path("search/synonyms/<int:pk>/", views.SynonymsChangeView.as_view(), name="synonyms-change"),
    path("search/synonyms/<int:pk>/remove/", views.SynonymsRemoveView.as_view(), name="synonyms-remove"),
    path("search/why/<slug:kind>/<int:pk>/", views.WhyView.as_view(), name="why"),
    path("search/settings/", views.PortableView.as_view(), name="portable"),
    path("search/settings.json", views.PortableFileView.as_view(), name="portable-file"),
    path("search/relevance/", views.RelevanceView.as_view(), name="relevance"),
    path("search/relevance/undo/", views.RelevanceUndoView.as_view(), name="relevance-undo"),
    path("search/relevance/trials/<int:pk>/", views.RelevanceTrialView.as_view(), name="relevance-trial"),
]
