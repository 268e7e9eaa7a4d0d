from community.spaces.models.joining import SpaceInvitation, SpaceRequest
from community.spaces.models.membership import SpaceMembership
from community.spaces.models.rule import Act, SpaceRule
from community.spaces.models.space import Space, SpaceAddress

__all__ = ["Act", "Space", "SpaceAddress", "SpaceInvitation", "SpaceMembership", "SpaceRequest", "SpaceRule"]
