from django.urls import path

from search import api
from search.external import api as external

urlpatterns = [
    path("search", api.SearchApi.as_view(), name="search"),
    path("suggest", api.SuggestApi.as_view(), name="suggest"),
    path("external/<slug:slug>/records", external.RecordsApi.as_view(), name="external-records"),
    path("external/<slug:slug>/records/<path:key>", external.RecordApi.as_view(), name="external-record"),
]
