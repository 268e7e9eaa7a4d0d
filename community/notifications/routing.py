"""The socket's address."""

from django.urls import path, re_path

from community.notifications.live.consumer import LiveConsumer, NowhereConsumer

websocket_urlpatterns = [
    path("ws/live/", LiveConsumer.as_asgi()),
    re_path(r"", NowhereConsumer.as_asgi()),
]
