"""Addresses of the report."""

from django.urls import path

from community.insights.views import ExportView, OverviewView

app_name = "insights"
urlpatterns = [
    path("insights/", OverviewView.as_view(), name="overview"),
    path("insights/report.csv", ExportView.as_view(), name="export"),
]
