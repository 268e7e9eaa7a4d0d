from django.http import HttpResponse
from django.urls import path

app_name = "forums"
urlpatterns = [
    path("s/<slug:slug>/", lambda request, slug: HttpResponse(slug), name="space"),
    path("t/<int:pk>/<str:slug>/", lambda request, pk, slug: HttpResponse(slug), name="topic-detail"),
]
