"""Addresses of the desk. Agents see every case there, a customer their own."""

from django.urls import path, register_converter

from community.cases.views.case import CaseView, ChangeView, TakeView
from community.cases.views.desk import CaseCreateView, DeskView
from community.cases.views.links import CaseLinkView, LinkView


class NumberConverter:
    """A case's number: letters, a hyphen, digits."""

    regex = r"[A-Za-z]{1,10}-[0-9]{1,9}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "case")

app_name = "cases"
urlpatterns = [
    path("support/", DeskView.as_view(), name="desk"),
    path("support/new/", CaseCreateView.as_view(), name="create"),
    path("support/link/<int:topic>/", LinkView.as_view(), name="link"),
    path("support/<case:number>/", CaseView.as_view(), name="detail"),
    path("support/<case:number>/change/", ChangeView.as_view(), name="change"),
    path("support/<case:number>/take/", TakeView.as_view(), name="take"),
    path("support/<case:number>/threads/", CaseLinkView.as_view(), name="threads"),
]
