from django.urls import path

from search import api, api_portable
from search.external import api as external

urlpatterns = [
    path("search", api.SearchApi.as_view(), name="search"),
    path("search/settings", api_portable.SearchSettingsApi.as_view(), name="search-settings"),
    path("suggest", api.SuggestApi.as_view(), name="suggest"),
    path("external/<slug:slug>/records", external.RecordsApi.as_view(), name="external-records"),
    path("external/<slug:slug>/records/<path:key>", external.RecordApi.as_view(), name="external-record"),
]
