from django.urls import path

from accounts.ignoring.api import IgnoredApi, IgnoredListApi

urlpatterns = [
    path("ignored", IgnoredListApi.as_view(), name="ignored"),
    path("ignored/<str:username>", IgnoredApi.as_view(), name="ignored-person"),
]
