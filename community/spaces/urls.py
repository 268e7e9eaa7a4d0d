from django.urls import path

from community.spaces import views

app_name = "spaces"
urlpatterns = [path("spaces/", views.SpaceIndexView.as_view(), name="index")]
