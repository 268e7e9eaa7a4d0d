from django.urls import path, re_path

from accounts.uploads.api import UploadApi, UploadListApi

urlpatterns = [
    path("files", UploadListApi.as_view(), name="files"),
    re_path(r"^files/(?P<key>[\w-]{22})$", UploadApi.as_view(), name="file"),
]
