"""What a service says when it refuses. Bad input is Django's own ValidationError, keyed by field."""

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """The viewer sees the thing but may not do this with it. Pages answer 403, the API problem+json."""


class Conflict(Exception):
    """Someone else changed it in between. Pages answer 409 and say what happened; nothing was written."""
