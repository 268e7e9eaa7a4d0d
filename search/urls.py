from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("search/", views.ResultsView.as_view(), name="results"),
    path("search/suggest/", views.SuggestView.as_view(), name="suggest"),
    path("search/click/<str:token>/<slug:kind>/<int:pk>/<int:rank>/", views.ClickView.as_view(), name="click"),
]
