"""How often a token may call: so many calls a minute, told with every answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken

if TYPE_CHECKING:  # REST framework imports its throttles while its views are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView

MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """`reset` is the number of seconds until all `limit` calls are there again."""

    limit: int
    used: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft on rate limit headers names them."""
        remaining = max(0, self.limit - self.used)
        return {"RateLimit-Limit": str(self.limit), "RateLimit-Remaining": str(remaining),
                "RateLimit-Reset": str(self.reset)}  # fmt: skip


def spend(token: ApiToken) -> Rate:
    """Count one call of a token in the running minute, for all processes that share the cache."""
    now = int(time.time())
    key = f"api:calls:{token.pk}:{now // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        used = int(cache.incr(key))
    except ValueError:  # the cache dropped it between the two
        used = 1
    return Rate(settings.API_CALLS_PER_MINUTE, used, MINUTE - now % MINUTE)


class TokenThrottle(BaseThrottle):
    """Refuses (429, with Retry-After) what goes beyond `API_CALLS_PER_MINUTE`; a browser's session is not counted."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not settings.API_CALLS_PER_MINUTE or not isinstance(request.auth, ApiToken):
            return True
        self.rate = spend(request.auth)
        request._request.rate = self.rate
        return self.rate.used <= self.rate.limit

    def wait(self) -> int:
        return self.rate.reset
