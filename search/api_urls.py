from django.urls import path

from search import api

urlpatterns = [
    path("search", api.SearchApi.as_view(), name="search"),
    path("suggest", api.SuggestApi.as_view(), name="suggest"),
]
