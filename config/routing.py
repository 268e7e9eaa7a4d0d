"""The one socket."""

from community.notifications.routing import websocket_urlpatterns

__all__ = ["websocket_urlpatterns"]
