from django.urls import path

from community.direct import views

app_name = "direct"
urlpatterns = [
    path("messages/", views.BoxView.as_view(), name="box"),
    path("messages/new/", views.StartView.as_view(), name="start"),
    path("messages/unread/", views.UnreadView.as_view(), name="unread"),
    path("messages/<int:pk>/", views.ConversationView.as_view(), name="conversation"),
    path("messages/<int:pk>/after/", views.MessagesAfterView.as_view(), name="after"),
    path("messages/<int:pk>/act/", views.ConversationActView.as_view(), name="act"),
]
