from django.urls import path

from community.spaces.views import index, settings

app_name = "spaces"
urlpatterns = [
    path("spaces/", index.SpaceIndexView.as_view(), name="index"),
    path("spaces/new/", settings.SpaceCreateView.as_view(), name="create"),
    path("s/<slug:slug>/settings/", settings.SpaceSettingsView.as_view(), name="settings"),
]
