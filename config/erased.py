"""What erasing a person does to what imports remember: an old address leads to nobody, a row over there is no one."""

from __future__ import annotations

from accounts.erasing.names import Traces
from accounts.erasing.rules import register_errand


def register_all() -> None:
    register_errand("imports", imports_forget)


def imports_forget(traces: Traces) -> bool:
    from config.archive.people import KIND
    from config.models import ImportedId, OldAddress

    OldAddress.objects.filter(kind=OldAddress.Kind.MEMBER, target_id=traces.person_id).delete()
    ImportedId.objects.filter(kind=KIND, target_id=traces.person_id).delete()
    return False
