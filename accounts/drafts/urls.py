from django.urls import path

from accounts.drafts import views

app_name = "drafts"
urlpatterns = [path("drafts/", views.DraftsView.as_view(), name="list")]
