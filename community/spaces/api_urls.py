from django.urls import path

from community.spaces import api, api_people

urlpatterns = [
    path("spaces", api.SpaceListApi.as_view(), name="spaces"),
    path("spaces/<slug:slug>", api.SpaceApi.as_view(), name="space"),
    path("spaces/<slug:slug>/members", api_people.MembersApi.as_view(), name="space-members"),
    path("spaces/<slug:slug>/members/<str:username>", api_people.MemberApi.as_view(), name="space-member"),
    path("spaces/<slug:slug>/requests", api_people.RequestsApi.as_view(), name="space-requests"),
    path("spaces/<slug:slug>/requests/<int:pk>", api_people.RequestApi.as_view(), name="space-request"),
    path("spaces/<slug:slug>/invitations", api_people.SpaceInvitationsApi.as_view(), name="space-invitations"),
    path("invitations", api_people.InvitationsApi.as_view(), name="invitations"),
    path("invitations/<int:pk>", api_people.InvitationApi.as_view(), name="invitation"),
]
