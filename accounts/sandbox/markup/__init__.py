"""Markdown to safe HTML without Django, so that it runs here for short texts and in the child for long ones."""

from accounts.sandbox.markup.allowed import sanitise
from accounts.sandbox.markup.parser import heading_anchor, render

__all__ = ["heading_anchor", "render", "sanitise"]
