from django.urls import path

from accounts.takeout.api import TakeoutApi, TakeoutFileApi

urlpatterns = [
    path("me/export", TakeoutApi.as_view(), name="takeout"),
    path("me/export/file", TakeoutFileApi.as_view(), name="takeout-file"),
]
