"""Addresses of snippets under /api/v1/."""

from django.urls import path

from community.snippets import api

urlpatterns = [
    path("snippets", api.SnippetListApi.as_view(), name="snippets"),
    path("snippets/<int:pk>", api.SnippetApi.as_view(), name="snippet"),
    path("snippets/<int:pk>/versions", api.SnippetVersionsApi.as_view(), name="snippet-versions"),
    path("snippets/<int:pk>/use", api.SnippetUseApi.as_view(), name="snippet-use"),
]
