"""Who people are and where they belong. Written only by `accounts.services`."""

from accounts.models.api_token import ApiToken
from accounts.models.audience import Audience, Audienced
from accounts.models.mail import OutboundEmail
from accounts.models.organisation import Organisation
from accounts.models.user import User

__all__ = ["ApiToken", "Audience", "Audienced", "Organisation", "OutboundEmail", "User"]
