"""Addresses of cases under /api/v1/."""

from django.urls import path

from community.cases import api

urlpatterns = [
    path("cases", api.CaseListApi.as_view(), name="cases"),
    path("cases/<str:number>", api.CaseApi.as_view(), name="case"),
    path("cases/<str:number>/messages", api.CaseMessageApi.as_view(), name="case-messages"),
    path("cases/<str:number>/links", api.CaseTopicsApi.as_view(), name="case-links"),
    path("cases/<str:number>/links/<int:topic>", api.CaseTopicApi.as_view(), name="case-link"),
]
