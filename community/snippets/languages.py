"""The languages that files of a snippet can be in: what they are called, and how their names end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Language:
    """`endings` are of file names, without the dot; the key in LANGUAGES is what a fence in Markdown would say."""

    label: str | Promise
    endings: tuple[str, ...]


LANGUAGES: Final[dict[str, Language]] = {
    "bash": Language("Shell", ("sh", "bash")), "c": Language("C", ("c", "h")),
    "cpp": Language("C++", ("cpp", "cc", "hpp")), "csharp": Language("C#", ("cs",)),
    "css": Language("CSS", ("css",)), "dockerfile": Language("Dockerfile", ("dockerfile",)),
    "go": Language("Go", ("go",)), "html": Language("HTML", ("html", "htm")), "ini": Language("INI", ("ini", "conf")),
    "java": Language("Java", ("java",)), "javascript": Language("JavaScript", ("js", "mjs")),
    "json": Language("JSON", ("json",)), "kotlin": Language("Kotlin", ("kt",)), "lua": Language("Lua", ("lua",)),
    "markdown": Language("Markdown", ("md",)), "perl": Language("Perl", ("pl",)), "php": Language("PHP", ("php",)),
    "powershell": Language("PowerShell", ("ps1",)), "python": Language("Python", ("py",)),
    "ruby": Language("Ruby", ("rb",)), "rust": Language("Rust", ("rs",)), "sql": Language("SQL", ("sql",)),
    "swift": Language("Swift", ("swift",)), "text": Language(_("Plain text"), ("txt", "log", "csv")),
    "toml": Language("TOML", ("toml",)), "typescript": Language("TypeScript", ("ts",)),
    "xml": Language("XML", ("xml", "svg")), "yaml": Language("YAML", ("yaml", "yml")),
}  # fmt: skip
CHOICES: Final = [(key, language.label) for key, language in LANGUAGES.items()]


def language_of(name: str) -> str:
    """The language that the end of a file's name tells; plain text where it tells none."""
    ending = name.rsplit("/", 1)[-1].rpartition(".")[2].lower()
    return next((key for key, language in LANGUAGES.items() if ending in language.endings), "text")
