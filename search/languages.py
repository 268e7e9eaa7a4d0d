"""The languages whose words are read by their own rules, and which of them the index holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.text import clean_line
from search import analysis
from search.models import Entry

# Beside English, which every text is read as, too: names and foreign words stand in texts of all languages.
OWN: Final = ("de", "es", "fr", "it", "nl", "pt", "cs")
# Small words that hardly a text of some length does without, folded; those that are English words, too, are left out.
_SMALL: Final = {
    code: frozenset(words.split()) for code, words in {
        "en": "the and are of with this when you have not what how would",
        "de": "der die das und ist nicht ich ein eine mit auf wie den",
        "es": "el la los las que de en un una por con como mi",
        "fr": "le la les des est et une je ne pas que dans pour avec",
        "it": "il la che di non per una un con sono come mi gli del",
        "nl": "de het een en niet ik van dat op voor met mijn hoe",
        "pt": "que de em um uma nao com para meu da na os",
        "cs": "je se na ze jak mi ale pro neni nebo co",
    }.items()
}
_READ: Final = 2_000  # characters: enough to tell
_ENGLISH_SHARE: Final = 8  # where small words of the other language are not known: one English in so many words
_TAG: Final = re.compile(r"[a-z]{2}(?:-(?:[a-z]{2}|\d{3}))?")  # “de”, “pt-br”, “es-419”; not “it-security”
# What a place may be said to be in, by code; Django knows their names.
KNOWN: Final = tuple(sorted(code for code, told in LANG_INFO.items() if "name_local" in told))
_KEY: Final = "search:languages"
_SECONDS: Final = 600


def code_of(language: str) -> str:
    """The bare code: pt-BR is pt."""
    return language.replace("_", "-").split("-")[0].lower()


def usual() -> str:
    """The site's, which is that of all places that name none."""
    return code_of(settings.LANGUAGE_CODE)


@lru_cache(maxsize=200)
def name_of(code: str) -> str:
    """A language by its own name; by its code where it is not known."""
    told = LANG_INFO.get(code.lower()) or LANG_INFO.get(code_of(code)) or {}
    return str(told.get("name_local", code)).capitalize() if told else code


def checked(value: object) -> str:
    """The code of a known language, or nothing for the site's. Raises ValidationError({"language": …})."""
    code = clean_line(value, field="language", limit=10, required=False).lower().replace("_", "-")
    if code and code not in KNOWN:
        wrong = _("“%s” is the code of no language. Write one such as “de”, or nothing for the site’s.")
        raise ValidationError({"language": wrong % code})
    return code


def near_to(locale: str) -> str:
    """The known language of a locale as other systems write it: pt_BR is pt-br, de-DE is de, anything else nothing."""
    code = locale.lower().replace("_", "-")
    return next((known for known in (code, code_of(code)) if known in KNOWN), "")


def choices() -> list[tuple[str | Promise, str | Promise | list[tuple[str, str]]]]:
    """What the settings of a place offer: the site's, then those whose words are read well, then all others."""
    whole = format_lazy(_lazy("As the whole site: {language}"), language=name_of(usual()))
    read = ("en", *OWN)
    others = (code for code in KNOWN if code not in read)
    return [("", whole), (_lazy("With all forms of a word"), _named(read)), (_lazy("As written"), _named(others))]


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((code, name_of(code)) for code in codes), key=lambda one: one[1].casefold())


def told(text: str, *, tags: Iterable[str] = (), place: str = "") -> str:
    """The language of a text: that of a tag which is the code of one, else that of the place where it stands, else the
    site's. What is plainly English is English: “it” and “cs” are names of trades as well, and English is written
    everywhere."""
    named = next((tag for tag in tags if _TAG.fullmatch(tag) and code_of(tag) in _SMALL), place or usual())
    code = code_of(named)
    if code == "en":
        return "en"
    return _weighed(text[:_READ], named)


@lru_cache(maxsize=2_000)
def _weighed(text: str, named: str) -> str:
    """The named language of a text, unless the text is plainly English."""
    code, said = code_of(named), analysis.plain_words(text)
    english = sum(word in _SMALL["en"] for word in said)
    own = sum(word in _SMALL[code] for word in said) if code in _SMALL else len(said) // _ENGLISH_SHARE
    return named if own >= english else "en"


def beside_page(code: str) -> str:
    """A text's language as its `lang` says it: nothing where the page is in it, too."""
    return "" if not code or code_of(code) == code_of(get_language() or usual()) else code


def held() -> list[str]:
    """The languages, as documents name them, that the index holds; English always."""
    known = cache.get(_KEY)
    if known is None:
        found = Entry.objects.filter(is_deleted=False).order_by().values_list("language", flat=True).distinct()[:50]
        known = sorted({*found, "en"})
        cache.set(_KEY, known, _SECONDS)
    return known


def own_held() -> tuple[str, ...]:
    """Those of `OWN` that the index holds."""
    codes = {code_of(language) for language in held()}
    return tuple(code for code in OWN if code in codes)


def met(languages: Iterable[str]) -> None:
    """Call it with what is written, so that a language is searched from its first document on."""
    known = cache.get(_KEY)
    if known is not None and not set(languages) <= set(known):
        cache.delete(_KEY)
        transaction.on_commit(lambda: cache.delete(_KEY))  # somebody may have looked before this is to be seen
