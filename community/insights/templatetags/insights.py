"""How the report writes numbers."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def spoken(duration: timedelta | None) -> str:
    """A duration in its two largest units: “1 h 12 min”, “3 days 4 h”; a dash for none."""
    if duration is None:
        return "–"
    minutes = int(duration.total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        text = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
        return f"{text} {_('%(n)s h') % {'n': hours}}" if hours else text
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes % 60}
    return _("%(n)s min") % {"n": minutes}


@register.filter
def percent(share: float | None) -> str:
    """A share without decimals; a dash where there is nothing to share."""
    return "–" if share is None else _("%(n)s %%") % {"n": round(share)}


@register.filter
def rounded(number: float) -> str:
    """A number with thousands separated and no decimals."""
    return f"{number:,.0f}"
