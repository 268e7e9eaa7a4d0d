"""Addresses of the report."""

from django.urls import path

from community.insights.views import ExportView, OverviewView, SearchExportView, SearchView

app_name = "insights"
urlpatterns = [
    path("insights/", OverviewView.as_view(), name="overview"),
    path("insights/report.csv", ExportView.as_view(), name="export"),
    path("insights/search/", SearchView.as_view(), name="search"),
    path("insights/search.csv", SearchExportView.as_view(), name="search-export"),
]
