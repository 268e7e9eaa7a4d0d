from django.urls import path

from accounts.ignoring import views

app_name = "ignoring"
urlpatterns = [
    path("settings/ignored/", views.IgnoredView.as_view(), name="list"),
    path("u/<str:username>/ignore/", views.ChoiceView.as_view(), name="choice"),
]
