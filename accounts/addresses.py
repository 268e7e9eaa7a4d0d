"""Addresses of rows, made once a process: a page names some sixty people, spaces and topics, and Django's `reverse`
looks through all patterns for each."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.http import url_has_allowed_host_and_scheme

MOST: Final = 20_000


def address(name: str, *arguments: int | str) -> str:
    """As `reverse(name, args=arguments)`."""
    return _address(get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF, name, *arguments)


@lru_cache(maxsize=MOST, typed=True)
def _address(prefix: str, urlconf: str, name: str, *arguments: int | str) -> str:
    """`prefix` is where the site hangs, which `reverse` asks for itself."""
    return reverse(name, urlconf=urlconf, args=arguments)


def way_back(request: HttpRequest) -> str:
    """Where a form says that it was sent from (`next`), if that is an address of this site; else nothing."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else ""
