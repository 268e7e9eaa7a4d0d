"""`manage.py import_phpbb FILE`: bring in a phpBB forum from its SQL dump."""

from config.archive.foreign.command import ForeignCommand
from config.archive.foreign.phpbb import PhpBB


class Command(ForeignCommand):
    help = "Bring in a phpBB forum from its SQL dump. Safe to stop and to run again: it goes on where it was."
    reader = PhpBB
    argument = "FILE"
    argument_help = "an SQL dump (MySQL) of the forum’s database"
