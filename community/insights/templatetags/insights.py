"""How the report writes numbers."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share without decimals; a dash where there is nothing to share."""
    return "–" if share is None else _("%(n)s %%") % {"n": round(share)}


@register.filter
def rounded(number: float) -> str:
    """A number with thousands separated and no decimals."""
    return f"{number:,.0f}"
