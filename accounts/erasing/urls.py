from django.urls import path

from accounts.erasing import views

app_name = "erasing"
urlpatterns = [
    path("settings/erase/", views.EraseView.as_view(), name="ask"),
    path("erasure/<str:token>/", views.TakeBackView.as_view(), name="take-back"),
    path("people/erasures/", views.ErasuresView.as_view(), name="list"),
]
