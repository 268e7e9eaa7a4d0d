from django.urls import path

from accounts.drafts.api import DraftApi, DraftListApi

urlpatterns = [
    path("drafts", DraftListApi.as_view(), name="drafts"),
    path("drafts/<slug:context>", DraftApi.as_view(), name="draft"),
]
