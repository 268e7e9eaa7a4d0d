"""Addresses of snippets. A snippet's own page is its topic's."""

from django.urls import path

from community.snippets import views

app_name = "snippets"
urlpatterns = [
    path("snippets/", views.LibraryView.as_view(), name="list"),
    path("snippets/new/", views.SnippetCreateView.as_view(), name="create"),
    path("snippets/<int:pk>/edit/", views.SnippetSaveView.as_view(), name="edit"),
    path("snippets/<int:pk>/versions/", views.VersionsView.as_view(), name="versions"),
    path("snippets/<int:pk>/use/", views.UseView.as_view(), name="use"),
    path("snippets/<int:pk>/<int:number>/<int:position>/", views.FileView.as_view(), name="file"),
    path("snippets/<int:pk>/<int:number>.zip", views.ZipView.as_view(), name="zip"),
]
