"""`manage.py retention`: let go of what is kept for a time only."""

from django.core.management.base import BaseCommand

from accounts.retention import kept_classes, retention_apply, retention_due


class Command(BaseCommand):
    help = "Delete what is older than its class is kept (KEEP_…_DAYS). The worker does the same every hour."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, delete nothing")

    def handle(self, *args, dry_run: bool, **options) -> None:
        counted = retention_due() if dry_run else retention_apply(most_turns=None)
        told = "would go" if dry_run else "deleted"
        for kept in kept_classes():
            days = f"kept {kept.days} days" if kept.days else "kept for ever"
            self.stdout.write(f"{kept.name}: {counted[kept.name]} {told} ({kept.label}, {days})")
