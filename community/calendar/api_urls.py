"""Addresses of events under /api/v1/."""

from django.urls import path

from community.calendar import api

urlpatterns = [
    path("events", api.EventListApi.as_view(), name="events"),
    path("events/<int:pk>", api.EventApi.as_view(), name="event"),
    path("events/<int:pk>/attendance", api.AttendanceApi.as_view(), name="event-attendance"),
]
