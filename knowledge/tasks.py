"""What Wagtail leaves for later (its own search index, scheduled publishing), done by our worker.

Wagtail enqueues through `django_tasks`; this gives that queue its turn, so that no second worker is needed.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.core.management import call_command
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

logger = logging.getLogger("threadwell.worker")
STUCK_AFTER: Final = timedelta(minutes=10)
MOST_TRIES: Final = 3
_worker = Worker(
    queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
    worker_id="threadwell", excluded_queue_names=[],
)


def run_waiting(*, limit: int = 20) -> int:
    """Run up to `limit` waiting tasks; returns how many. Several workers may call it at once."""
    done = 0
    while done < limit and (task := _claimed()) is not None:
        _worker.run_task(task)
        done += 1
    return done


def _claimed() -> DBTaskResult | None:
    waiting = DBTaskResult.objects.ready()
    if not waiting.exists():  # the common case takes no lock
        return None
    with exclusive_transaction():
        task = waiting.get_locked()
        if task is not None:
            task.claim(_worker.worker_id)
    return task


def reap() -> int:
    """Tasks of a worker that is gone start over, three times at most; returns how many were found.

    django-tasks leaves them running for ever (https://github.com/RealOrangeOne/django-tasks/issues/46).
    """
    stuck = DBTaskResult.objects.filter(
        status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - STUCK_AFTER
    )
    found = 0
    for task in stuck:
        again = len(task.worker_ids) < MOST_TRIES
        status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
        # Asked for once more as it was found: a worker that is alive after all may have finished it by now.
        same = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING, started_at=task.started_at)
        found += same.update(status=status, started_at=None, finished_at=None if again else timezone.now())
        logger.warning("A worker ended in the middle of the task %s (%s); it is %s.", task.pk, task.task_path, status)
    return found


def publish_scheduled() -> None:
    """Publish and unpublish what editors set a time for."""
    call_command("publish_scheduled", verbosity=0)


def prune() -> None:
    """Forget the results of finished tasks after a day."""
    call_command("prune_db_task_results", min_age_days=1, verbosity=0)
