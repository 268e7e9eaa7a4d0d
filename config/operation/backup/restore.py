"""Bringing a backup back: all of it is looked at before anything here is touched; then database, media, index."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.erasing import ledger
from accounts.erasing.models import Erasure
from accounts.erasing.services import ledger_keep, replay
from accounts.events import services as events
from accounts.events.models import Heartbeat
from config.operation.backup import archive, databases, make, place
from config.operation.backup.problem import BackupProblem

Say = Callable[[str], None]
RUNNING = timedelta(seconds=25)


def restore(stream: IO[bytes], *, name: str, replace: bool, say: Say) -> None:
    """Make this installation what the archive `name` holds. Raises BackupProblem.

    An installation with people in it is refused without `replace`. A run that is killed leaves a note: the product
    does not start until the restore was run again.
    """
    with place.alone():
        halfway = place.unfinished()
        if halfway:
            say(f"  The restore of {halfway} was ended halfway; this one starts anew.")
        elif not replace:
            _refuse_inhabited()
        _refuse_running()
        with tempfile.TemporaryDirectory(prefix=place.STAGING, dir=settings.DATA_DIR) as staging:
            folder = Path(staging)
            manifest = archive.unpack(stream, folder)
            _check_about(manifest["about"])
            dialect = databases.dialect()
            dialect.check(folder / archive.DATABASE, manifest["tables"])
            say(f"  checked  {len(manifest['files']):>6} files of {manifest['about']['made_at'][:16]}")
            _keep_ledger()
            place.begin(name)
            dialect.load(folder / archive.DATABASE, manifest["tables"])
            say(f"  database {len(manifest['tables']):>6} tables, every checksum as in the archive")
            say(f"  media    {_put_media(folder / archive.MEDIA):>6} files")
        _finish(name, manifest["about"], say)
        place.end()


def _keep_ledger() -> None:
    """Whom this database knows to be erased is written beside it before its tables go."""
    if Erasure._meta.db_table in connection.introspection.table_names():
        ledger_keep()


def _erase_again(say: Say) -> None:
    """The backup may hold people who were erased since it was made: they go before anybody can see them."""
    again = replay()
    if again:
        say(f"  erased   {again:>6} people again, who were erased after the backup was made")
    elif not ledger.place().exists():
        say(f"  No {ledger.NAME} lies in {ledger.place().parent}: nobody is erased again.")


def _refuse_inhabited() -> None:
    if not databases.is_empty():
        raise BackupProblem("There are people in this database. --replace removes them and all that is here first.")
    if next(make.media(), None):
        raise BackupProblem(f"There are files in {settings.MEDIA_ROOT}. --replace removes them first.")


def _refuse_running() -> None:
    """A process that goes on with the old tables in mind would spoil the new ones."""
    if Heartbeat._meta.db_table not in connection.introspection.table_names():
        return
    seen = Heartbeat.objects.filter(seen_at__gte=timezone.now() - RUNNING).order_by("-seen_at").first()
    if seen is not None:
        ago = int((timezone.now() - seen.seen_at).total_seconds())
        raise BackupProblem(
            f"The {seen.kind} process {seen.pid} on {seen.host} was seen {ago} s ago. Stop web and workers first; "
            f"a killed one is forgotten after {RUNNING.seconds} s."
        )


def _check_about(about: dict[str, Any]) -> None:
    if about.get("product") != "threadwell" or about.get("format") != make.FORMAT:
        raise BackupProblem("This version of the product cannot read that form of archive. Use the one that made it.")
    if about.get("database") != connection.vendor:
        raise BackupProblem(
            f"The archive is of {about.get('database')}, this database is {connection.vendor}. To change over, use "
            "export_archive and import_archive."
        )
    unknown = databases.unknown_migrations(list(about.get("migrations", [])))
    if unknown:
        raise BackupProblem(
            f"The archive was made by a later version ({about.get('version')} {about.get('commit')}): {unknown[0]} is "
            "not known here. Install that version, or a later one."
        )


def _put_media(source: Path) -> int:
    """Fill MEDIA_ROOT, whatever was in it. The folder itself stays: it may be a volume."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    for path in root.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            path.chmod(0o755 if path.is_dir() else settings.FILE_UPLOAD_PERMISSIONS)
        for path in sorted(source.iterdir()):
            shutil.move(path, root / path.name)
    return sum(1 for _path in make.media())


def _finish(name: str, about: dict[str, Any], say: Say) -> None:
    """Bring the tables to this version, make everything findable, and write down what happened."""
    call_command("migrate", verbosity=0, interactive=False)
    Heartbeat.objects.all().delete()
    _erase_again(say)
    try:
        call_command("search_rebuild")
    except CommandError as error:
        say(f"  The index could not be rebuilt ({error}). Run search_rebuild once that is mended.")
    with transaction.atomic():
        events.record("backup.restored", data={"file": name, "made_at": about["made_at"], "version": about["version"]})
