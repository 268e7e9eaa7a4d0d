"""`manage.py import_discourse DIR`: bring in a Discourse site from answers of its API."""

from config.archive.foreign.command import ForeignCommand
from config.archive.foreign.discourse import Discourse


class Command(ForeignCommand):
    help = "Bring in a Discourse site from answers of its API. Safe to stop and to run again: it goes on where it was."
    reader = Discourse
    argument = "DIR"
    argument_help = "a folder of JSON: the answers of /t/ID.json, /latest.json, /categories.json, …"
