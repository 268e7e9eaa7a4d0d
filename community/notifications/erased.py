"""What erasing a person does to what people are told: their own goes, others read of someone who left."""

from __future__ import annotations

from accounts.erasing.rules import leave_empty, let_go, register_link, register_text


def register_all() -> None:
    register_link("notifications.Notification", "user", let_go)
    register_link("notifications.Notification", "actor", leave_empty)
    register_link("notifications.Inbox", "user", let_go)
    register_text("notifications.Notification", "data")
