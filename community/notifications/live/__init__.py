"""Hints to open pages: `publish` sends ids to a group, `register_group` says who may listen to which."""

from community.notifications.live.groups import register_group
from community.notifications.live.hub import publish, publish_all

__all__ = ["publish", "publish_all", "register_group"]
