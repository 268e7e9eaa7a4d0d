"""What Wagtail leaves for later (its own search index, scheduled publishing), done by our worker.

Wagtail enqueues through `django_tasks`; this gives that queue its turn, so that no second worker is needed.
"""

from __future__ import annotations

from django.core.management import call_command
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

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


def publish_scheduled() -> None:
    """Publish and unpublish what editors set a time for."""
    call_command("publish_scheduled", verbosity=0)


def prune() -> None:
    """Forget the results of finished tasks after a day."""
    call_command("prune_db_task_results", min_age_days=1, verbosity=0)
