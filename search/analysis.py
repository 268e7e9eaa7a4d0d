"""Words in Python: what query, excerpts and the titles' forgiven slips share. The engines stem by themselves."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# A word may be joined inside by . - _ + # @ ' (4.2.1, wi-fi, ERR_TIMED_OUT); such a word is matched as written.
CHUNK: Final = re.compile(r"[^\W_](?:[^\s/,;:()\[\]{}<>|\\\"“”„=*^~!?&%$]*[\w+#])?")
_PART: Final = re.compile(r"[^\W_]+")
_SUFFIXES: Final = (
    "ations", "ation", "ingly", "edly", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "ly", "s", "e"
)

STOP_WORDS: Final = frozenset(
    """
    a an and are as at be been but by can could did do does for from get had has have how i if in into is it its me
    my no not of on or our so than that the their them then there these they this to too up us was we were what when
    where which who why will with would you your am after all also any because before being between both cannot don
    doesn didn isn m s t ve re ll just like only out over should some such very via about again
    """.split()  # noqa: SIM905  a list of these would be a page of quotation marks
)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case without accents: “Café” is “cafe”, “Straße” is “strasse”."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def chunks(text: str) -> list[str]:
    """The folded words of a text, joined ones kept whole: “Wi-Fi 4.2.1” gives wi-fi and 4.2.1."""
    return [trimmed(match[0]) for match in CHUNK.finditer(fold(text))]


def trimmed(chunk: str) -> str:
    """Without what stands around a word and is none of it."""
    return chunk.strip(".-'’_@")


def parts(chunk: str) -> tuple[str, ...]:
    """The bare words of a chunk: wi-fi gives wi and fi. A possessive s is left out."""
    found = _PART.findall(chunk)
    if len(found) == 2 and found[1] == "s" and re.search(r"['’]s$", chunk):
        found.pop()
    if len(found) == 2 and len(found[1]) <= 2 and re.search(r"['’]\w{1,2}$", chunk):  # don't, we're, it'll
        found = [found[0]]
    return tuple(found)


def plain_words(text: str) -> list[str]:
    """Every bare folded word of a text, in order."""
    return _PART.findall(fold(text))


def meaningful(words: list[str]) -> list[str]:
    """Without stop words, unless nothing else is there."""
    kept = [word for word in words if word not in STOP_WORDS]
    return kept or words


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light English stem, good enough to mark matches in an excerpt; the engines have better ones."""
    if len(word) < 4 or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not (suffix == "s" and word.endswith("ss")):
            word = word[: -len(suffix)] + ("y" if suffix in {"ies", "ied"} else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def is_mendable(word: str) -> bool:
    """Whether a folded word is looked up as a slip, or for one: short ones and codes are taken as typed."""
    return 4 <= len(word) <= 40 and word.isalpha()


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter swapped, lost, added or mistaken turns `typed` into `meant`.

    The first letter is right, and a word is not taken for its own beginning (“spacex” is not “space”), unless its last
    letter stands there twice (“valvee”).
    """
    if typed == meant or not typed or not meant or typed[0] != meant[0] or abs(len(typed) - len(meant)) > 1:
        return False
    if typed.startswith(meant):
        return typed[-1] == meant[-1]
    same = 0
    while same < min(len(typed), len(meant)) and typed[same] == meant[same]:
        same += 1
    rest, other = typed[same:], meant[same:]
    if len(rest) == len(other):
        return rest[1:] == other[1:] or (rest[:2] == other[:2][::-1] and rest[2:] == other[2:])
    return rest[1:] == other if len(rest) > len(other) else rest == other[1:]


def slips(typed: str, meant: str, most: int) -> int:
    """How many letters swapped, lost, added or mistaken turn `typed` into `meant`; what is more than `most` counts as
    one more.

    The first letter is right and a word is no slip of its own beginning, as in `is_one_slip`. The distance is that of
    Damerau and Levenshtein in its short form (“optimal string alignment”).
    """
    is_beginning = typed.startswith(meant) and typed[-1:] != meant[-1:]
    if not typed or typed[:1] != meant[:1] or is_beginning or abs(len(typed) - len(meant)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(meant, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
