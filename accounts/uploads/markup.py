"""How a text names a file: the Markdown that is put into it."""

from __future__ import annotations

import re

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.uploads.models import Upload

_BRACKETS = re.compile(r"([\\\[\]!])")


def markdown_for(upload: Upload, *, alt: str = "") -> str:
    """A picture with what it shows in words, or a link that says how large the file is."""
    url = upload.get_absolute_url()
    if upload.is_image:
        return f"![{_escaped(alt or _('Picture'))}]({url})"
    return f"[{_escaped(upload.name)} ({filesizeformat(upload.size)})]({url})".replace("\xa0", " ")


def _escaped(text: str) -> str:
    return _BRACKETS.sub(r"\\\1", " ".join(text.split())[:200])
