from django.urls import path

from search.external import views

app_name = "external"
urlpatterns = [
    path("search/sources/", views.SourceListView.as_view(), name="list"),
    path("search/sources/<slug:slug>/readers/", views.SourceReadersView.as_view(), name="readers"),
    path("search/sources/<slug:slug>/remove/", views.SourceRemoveView.as_view(), name="remove"),
]
