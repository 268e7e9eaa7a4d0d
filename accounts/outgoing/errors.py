"""Why nothing came back."""


class OutgoingRefused(Exception):
    """We do not go there: the address is malformed, private, or of a scheme or port that we do not speak. Final."""


class OutgoingFailed(Exception):
    """It did not answer, not in time, or with more than was allowed. May be tried again later."""
