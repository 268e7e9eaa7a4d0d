"""The one way out over HTTP: webhooks, CRMs, embeds, previews. No other module opens a connection (tests/architecture).

An address that a person typed must not make this server talk to itself or to its neighbours, nor wait, nor fill up.
"""

from accounts.outgoing.client import Answer, fetch
from accounts.outgoing.errors import OutgoingFailed, OutgoingRefused

__all__ = ["Answer", "OutgoingFailed", "OutgoingRefused", "fetch"]
