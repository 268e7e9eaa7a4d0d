from django.urls import path

from accounts.takeout import views

app_name = "takeout"
urlpatterns = [
    path("settings/data/", views.OwnView.as_view(), name="own"),
    path("settings/data/<str:link>/", views.FileView.as_view(), name="file"),
    path("account-closed/", views.ClosedView.as_view(), name="closed"),
    path("account-closed/<str:link>/", views.ClosedFileView.as_view(), name="closed-file"),
    path("people/copies/", views.CopiesView.as_view(), name="list"),
]
