from django.urls import path

from community.spaces import api

urlpatterns = [
    path("spaces", api.SpaceListApi.as_view(), name="spaces"),
    path("spaces/<slug:slug>", api.SpaceApi.as_view(), name="space"),
]
