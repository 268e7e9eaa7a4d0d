from django.urls import re_path

from accounts.uploads import views

app_name = "uploads"
KEY = r"^files/(?P<key>[\w-]{22})/"
urlpatterns = [
    re_path(KEY + r"m/(?P<name>[^/]{1,150})$", views.SmallerView.as_view(), name="smaller"),
    re_path(KEY + r"(?P<name>[^/]{1,150})$", views.FileView.as_view(), name="file"),
]
