"""The seam to Django's sign-in: what was refused is counted."""

from __future__ import annotations

from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver


@receiver(user_login_failed, dispatch_uid="operation.login_failed")
def login_failed(**kwargs) -> None:
    from config.operation import measures  # only where requests are answered: it makes a folder for its counts

    measures.login_failed()
