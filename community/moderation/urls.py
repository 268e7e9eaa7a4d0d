from django.urls import path

from community.moderation import views

app_name = "moderation"
urlpatterns = [
    path("moderation/", views.QueueView.as_view(), name="queue"),
    path("moderation/<int:pk>/", views.ItemView.as_view(), name="item"),
    path("moderation/<int:pk>/decide/", views.DecideView.as_view(), name="decide"),
    path("moderation/decisions/<int:pk>/undo/", views.UndoView.as_view(), name="undo"),
    path("flag/<slug:target_type>/<int:pk>/", views.FlagView.as_view(), name="flag"),
]
