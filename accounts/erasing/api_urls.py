from django.urls import path

from accounts.erasing.api import ErasureApi

urlpatterns = [path("me/erasure", ErasureApi.as_view(), name="erasure")]
