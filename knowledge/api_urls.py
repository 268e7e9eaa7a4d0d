from django.urls import path

from knowledge import api

urlpatterns = [
    path("articles", api.ArticleListApi.as_view(), name="articles"),
    path("articles/<int:pk>", api.ArticleApi.as_view(), name="article"),
]
