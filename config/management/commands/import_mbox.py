"""`manage.py import_mbox FILE`: bring in a mailing list as threads."""

from config.archive.foreign.command import ForeignCommand
from config.archive.foreign.mbox import Mbox


class Command(ForeignCommand):
    help = "Bring in a mailing list as threads. Safe to stop and to run again: it goes on where it was."
    reader = Mbox
    argument = "FILE"
    argument_help = "an mbox, or a folder of them"
