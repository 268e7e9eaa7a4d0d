from django.urls import path

from community.spaces.views import index, people, settings

app_name = "spaces"
urlpatterns = [
    path("spaces/", index.SpaceIndexView.as_view(), name="index"),
    path("spaces/new/", settings.SpaceCreateView.as_view(), name="create"),
    path("s/<slug:slug>/settings/", settings.SpaceSettingsView.as_view(), name="settings"),
    path("s/<slug:slug>/members/", people.PeopleView.as_view(), name="people"),
    path("s/<slug:slug>/members/act/", people.PeopleActView.as_view(), name="people-act"),
    path("invitations/<int:pk>/", people.InvitationView.as_view(), name="invitation"),
    path("invited/<str:key>/", people.InvitedView.as_view(), name="invited"),
]
