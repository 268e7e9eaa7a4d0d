"""Where a page of a space went when the space got another address."""

from __future__ import annotations

from django.http import HttpRequest

from community.spaces.models import Space


def moved_to(request: HttpRequest, slug: str, space: Space) -> str:
    """The address that was asked for by an earlier `slug`, with the one that the space has now."""
    return request.get_full_path().replace(f"/s/{slug}/", f"/s/{space.slug}/", 1)
