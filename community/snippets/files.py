"""Files as they are typed or sent, checked and coloured."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.text import clean_line, clean_source, render_markdown
from community.snippets.languages import LANGUAGES, language_of
from community.snippets.models import MOST_CODE, MOST_FILES, SnippetFile

_NAME: Final = re.compile(r"^(?!.*\.\.)[\w][\w.+-]*(?:/[\w][\w.+-]*){0,5}$")


@dataclass(frozen=True, slots=True)
class CodeFile:
    """One file; without a `language`, the end of its name tells it."""

    name: str
    code: str
    language: str = ""


def checked(files: Sequence[CodeFile]) -> list[SnippetFile]:
    """Rows, not stored yet, with coloured code. Raises ValidationError({"files": …}) that names the file."""
    if not files:
        raise ValidationError({"files": _("Add at least one file with code in it.")})
    if len(files) > MOST_FILES:
        raise ValidationError({"files": _("Ten files are the most; these are %s.") % len(files)})
    rows = [_checked(position, file) for position, file in enumerate(files, start=1)]
    if len({row.name.lower() for row in rows}) < len(rows):
        raise ValidationError({"files": _("Two files have the same name. Give each a name of its own.")})
    return rows


def _checked(position: int, file: CodeFile) -> SnippetFile:
    try:
        name = clean_line(file.name, field="files", limit=100)
        if not _NAME.match(name):
            raise ValidationError({"files": _("Use letters, digits and . _ - / only.")})
        code = clean_source(file.code, field="files", limit=MOST_CODE)
        language = file.language or language_of(name)
        if language not in LANGUAGES:
            raise ValidationError({"files": _("Choose one of: %s.") % ", ".join(LANGUAGES)})
        return SnippetFile(position=position, name=name, language=language, code=code, html=_coloured(code, language))
    except ValidationError as error:
        told = {"n": position, "name": str(file.name)[:60], "why": " ".join(error.messages)}
        raise ValidationError({"files": _("File %(n)s (%(name)s): %(why)s") % told}) from error


def _coloured(code: str, language: str) -> str:
    """As a block of code in a post: the one renderer, with a fence that the code does not hold."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return render_markdown(f"{fence}{language}\n{code}\n{fence}\n", field="files")
