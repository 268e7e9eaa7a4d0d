"""Texts that are made to be slow: `FORMULAS[name](n)` is about `n` characters of the same trick."""

from __future__ import annotations

from collections.abc import Callable


def again(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """The piece as often as it fits."""
    return lambda n: (before + piece * ((n - len(before) - len(after)) // len(piece)) + after)[:n]


def _deeper(n: int) -> str:
    return "".join("  " * depth + "- a\n" for depth in range(int(n**0.5)))[:n]


def _longer_ticks(n: int) -> str:
    return " ".join("`" * length for length in range(1, int((2 * n) ** 0.5)))[:n]


def _own_names(n: int) -> str:
    return "".join(f"[{number}]: b\n" for number in range(n // 9))[:n]


def _own_notes(n: int) -> str:
    return "".join(f"a[^{number}]\n\n[^{number}]: b\n\n" for number in range(n // 22))[:n]


def _one_address(n: int) -> str:
    """Defined once, used hundreds of times: the output would grow with the square of the text."""
    return "[a]: /" + "b" * (n // 4) + "\n\n" + "[a] " * (3 * n // 16)


def _wide_table(n: int) -> str:
    columns = n // 300
    return "|" + "a|" * columns + "\n|" + "-|" * columns + "\n" + "||\n" * (n // 4)


def _two_halves(first: str, second: str) -> Callable[[int], str]:
    return lambda n: first * (n // 2 // len(first)) + second * (n // 2 // len(second))


def code(language: str, piece: str) -> Callable[[int], str]:
    """A fence of one language."""
    return again(piece, f"```{language}\n", "\n```\n")


FORMULAS: dict[str, Callable[[int], str]] = {
    "quotes": again(">"), "spaced quotes": again("> "), "quoted lists": again("> - "),
    "lazy lines in deep quotes": again("b\n", ">" * 50 + "a\n"), "rows of deep quotes": again("> " * 40 + "a\n"),
    "lists": again("- "), "numbered lists": again("1. "), "deeper lists": _deeper, "loose lists": again("- a\n\n  b\n"),
    "task boxes": again("- [ ] a\n"), "headings": again("# a\n"), "underlined heading": again("a\n", "", "="),
    "brackets": again("["), "matched brackets": _two_halves("[", "]"), "open links": again("[a]("),
    "nested links": again("[a](b"), "nested references": again("[a][b"), "stressed links": again("[*a]("),
    "images": again("!["), "linked images": again("![a](/"), "addresses": again("[a]: b\n"),
    "own addresses": _own_names,
    "one long address": _one_address, "open addresses": again("[a]: <"), "open titles": again("[x](b '"),
    "emphasis": again("*a **a "), "mixed emphasis": again("*_"), "unequal emphasis": again("c* ", "a**b"),
    "underscores": again("_a "), "stars": again("a*"), "strikes": again("~~a "),
    "ticks": again("`"), "longer ticks": _longer_ticks, "unequal ticks": again("`a``"), "fences": again("```\n"),
    "tables": _two_halves("|a", "|-"), "wide tables": _wide_table,
    "entities": again("&#x"), "ampersands": again("&"), "less-thans": again("<"), "tags": again("<div>"),
    "comments": again("<!--"), "mails in tags": again("<a@"), "backslashes": again("\\"), "escapes": again("\\["),
    "mails": again("a@b."), "addresses in a row": again("http://"), "bare addresses": again("http://a.b "),
    "hosts": again("a.com "), "one long host": again("a.", "", "com"), "slashes": again("//a.b/"),
    "colons": again("a:"), "www": again("www."), "dots": again(".", "http://a.b/"), "mentions": again("@aa "),
    "ats": again("@"),
    "spoilers": again("||a|| "), "open spoilers": again("||a *b "), "crossed spoilers": again("*||a* b|| "),
    "pipes": again("|"), "spoiler blocks": again(":::spoiler\n:::\n"), "open spoiler blocks": again(":::spoiler\n"),
    "spoiler blocks in quotes": again(":::spoiler\n> :::spoiler\n"), "colons in a row": again(":::: \n"),
    "notes": again("a[^a] some words to read ", after="\n\n[^a]: b"), "open notes": again("[^", after="\n\n[^a]: b"),
    "own notes": _own_notes, "notes in notes": again("[^a]: "), "rows of notes": again("[^a]: b\n"),
    "deep notes": again("[^a]: [^a]: b\n    c\n"),
    "lines": again("\n", "", "a"), "spaces": again(" ", "", "a"), "tabs": again("\t", "", "a"),
    "beyond the plane": again("𝔘"), "invisible": again("\u200b"),
}  # fmt: skip
# Bits that lexers of programming languages have choked on: open strings, comments, brackets, escapes, heredocs.
CODE = (
    "(", "[{", '"', "'", "\\", "/*", "<!--", "<a ", '"\\', "x=(", "${", "#{", "'''", "<<A\n",
    "-- ", "a.b", "@", "0x", " ", "%", ": ",
)  # fmt: skip
