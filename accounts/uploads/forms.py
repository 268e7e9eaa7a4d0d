"""Files that a form sends along, without any script: they are kept, and named at the end of its text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from accounts.uploads import services
from accounts.uploads.markup import markdown_for

MOST_AT_ONCE: Final = 10


def bound_with_files(
    make: Callable[[QueryDict], forms.Form], request: HttpRequest, *, field: str = "body"
) -> forms.Form:
    """The form that was sent, with its files (`files`, described by `files_alt`) named in the text of `field`.

    What is wrong with a file is told beside the text; the others stay, so nothing has to be chosen again.
    """
    data, problems = request.POST.copy(), []
    for file in request.FILES.getlist("files")[:MOST_AT_ONCE]:
        try:
            upload = services.upload_create(viewer=request.viewer, file=file)
        except ValidationError as error:
            problems += [f"{file.name}: {message}" for message in error.messages]
        else:
            named = markdown_for(upload, alt=data.get("files_alt", ""))
            data[field] = f"{data.get(field, '').rstrip()}\n\n{named}".lstrip()
    if len(request.FILES.getlist("files")) > MOST_AT_ONCE:
        problems.append(_("Ten files at a time are the most; the others were left out."))
    form = make(data)
    if problems:
        form.is_valid()
        form.add_error(field, problems)
    return form
