"""`/readyz`: which parts answer. 503 only without the database; the rest is waited for, so it is named, not fatal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from config.operation.parts import MISSING, parts


def readyz(request: HttpRequest) -> HttpResponse:
    """The state of every part as JSON: 200 `ok` or `degraded`, 503 `unavailable`. Anyone may read it: no versions."""
    found = parts()
    if found[0].status == MISSING:
        status, code = "unavailable", 503
    else:
        status, code = ("ok" if all(part.is_well for part in found) else "degraded"), 200
    told = {
        part.name: {"status": part.status, **({"detail": part.detail} if part.detail else {})} for part in found
    }
    return JsonResponse({"status": status, "parts": told}, status=code, headers={"Cache-Control": "no-store"})
