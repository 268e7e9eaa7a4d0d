from django.urls import path

from community.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.NotificationListView.as_view(), name="list"),
    path("notifications/badge/", views.NotificationBadgeView.as_view(), name="badge"),
    path("notifications/recent/", views.NotificationRecentView.as_view(), name="recent"),
    path("notifications/state/", views.NotificationStateView.as_view(), name="state"),
    path("notifications/read/", views.NotificationReadAllView.as_view(), name="read-all"),
    path("notifications/<int:number>/", views.NotificationOpenView.as_view(), name="open"),
]
