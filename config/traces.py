"""What libraries leave in their tables, and how long it is kept (`accounts/retention.py`)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.retention import register_kept


def register() -> None:
    """Name the classes; called once, when the tables are known."""
    register_kept("sessions", label=_("sessions that are over"), rows=_sessions)
    register_kept("tasks", label=_("background tasks that ended"), rows=_tasks)


def _sessions(moment: datetime) -> QuerySet:
    """Django never deletes a session by itself that nobody comes back with."""
    from django.contrib.sessions.models import Session

    return Session.objects.filter(expire_date__lt=moment)


def _tasks(moment: datetime) -> QuerySet:
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.filter(finished_at__lt=moment)
