"""How long something takes, in few letters."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def briefly(duration: timedelta | None) -> str:
    """A duration in its two largest units, without its sign: “1 h 12 min”, “3 days 4 h”; a dash for none."""
    if duration is None:
        return "–"
    minutes = int(abs(duration).total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        text = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
        return f"{text} {_('%(n)s h') % {'n': hours}}" if hours and days < 7 else text
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes % 60} if minutes % 60 else _("%(n)s h") % {"n": hours}
    return _("%(n)s min") % {"n": minutes}
