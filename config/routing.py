"""The one socket."""

websocket_urlpatterns: list = []
