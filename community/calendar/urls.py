"""Addresses of events. An event's own page is its topic's."""

from django.urls import path

from community.calendar import views

app_name = "calendar"
urlpatterns = [
    path("events/", views.CalendarView.as_view(), name="list"),
    path("events/new/", views.EventCreateView.as_view(), name="create"),
    path("events/feed.ics", views.EventFeedView.as_view(), name="feed"),
    path("s/<slug:slug>/events.ics", views.EventFeedView.as_view(), name="space-feed"),
    path("events/<int:pk>.ics", views.EventFileView.as_view(), name="file"),
    path("events/<int:pk>/edit/", views.EventEditView.as_view(), name="edit"),
    path("events/<int:pk>/cancel/", views.EventCancelView.as_view(), name="cancel"),
    path("events/<int:pk>/attend/", views.AttendView.as_view(), name="attend"),
]
