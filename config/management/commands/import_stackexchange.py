"""`manage.py import_stackexchange DIR`: bring in a Stack Exchange site’s data dump."""

from config.archive.foreign.command import ForeignCommand
from config.archive.foreign.stackexchange import StackExchange


class Command(ForeignCommand):
    help = "Bring in a Stack Exchange site’s data dump. Safe to stop and to run again: it goes on where it was."
    reader = StackExchange
    argument = "DIR"
    argument_help = "an unpacked site dump: Posts.xml, Users.xml, …"
