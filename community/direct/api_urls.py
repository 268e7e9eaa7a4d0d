from django.urls import path

from community.direct import api

urlpatterns = [
    path("conversations", api.ConversationListApi.as_view(), name="conversations"),
    path("messages", api.MessageSearchApi.as_view(), name="messages"),
    path("conversations/<int:pk>/messages", api.MessageListApi.as_view(), name="conversation-messages"),
]
