from django.http import HttpResponse
from django.urls import path

app_name = "accounts"
urlpatterns = [path("u/<str:username>/", lambda request, username: HttpResponse(username), name="profile")]
