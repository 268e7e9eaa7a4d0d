"""Addresses of the operator's pages."""

from django.urls import path

from config.operation.views import HealthView, RetryView

app_name = "operation"
urlpatterns = [
    path("health/", HealthView.as_view(), name="health"),
    path("health/retry/", RetryView.as_view(), name="retry"),
]
