"""How a job says that its input is not acceptable."""


class Refused(Exception):
    """One word, such as `too-large`: the room that asked knows how to explain it."""
