"""How a person is named in texts, and the neutral word that takes the place of each name.

A name in a form that can mean nobody else (`@name`, a link to the profile, `author:name`, a quote's head, the e-mail
address) is always found. A name of several parts, or with a digit in it, is found wherever it stands as a word. A plain
single word ("Will") is not: it would take the word from texts that never spoke of the person.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, Final, Self
from urllib.parse import quote

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.text import slugify

from accounts.models import User

FORMER: Final = "former-member"  # nobody's username, for it is refused (`accounts.services.people`)
FORMER_NAME: Final = "former member"
OURS: Final = "!$&'()*+,;=~:@"  # what `reverse` leaves as it is
_SEVERAL = re.compile(r"[\s\d._@+-]")
_END = r"(?![\w@+-])(?!\.\w)"


def is_telling(name: str) -> bool:
    """Whether a name can hardly be an everyday word."""
    return len(name) > 4 and _SEVERAL.search(name) is not None


@dataclass(frozen=True)
class Traces:
    """What a person is called, for as long as it has to be known."""

    person_id: int
    username: str
    display_name: str
    emails: tuple[str, ...]

    @classmethod
    def of(cls, user: User) -> Self:
        rows = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
        emails = {email.lower() for email in (user.email, *rows) if email}
        return cls(user.pk, user.username, user.display_name, tuple(sorted(emails)))

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Texts of which at least one stands in every text that names the person."""
        found = {*self.emails}
        for name in {self.username, self.display_name} - {""}:
            if is_telling(name):
                found |= {name, escape(name), slugify(name)} - {""}
            found |= {form.format(name) for form in ('quote="{}', "quote=&quot;{}", "quote={}", "{} wrote")}
        for name in self._addressed:
            found |= {form.format(name) for form in ("@{}", "/u/{}", "author:{}", "author%3A{}")}
        for needle in list(found):
            if not needle.isascii():  # SQLite folds ASCII alone, and writes JSON in ASCII
                found |= {needle.lower(), needle.upper(), json.dumps(needle)[1:-1]}
        return tuple(sorted(found))

    @cached_property
    def _addressed(self) -> set[str]:
        """The username as it stands in addresses: ours, and as browsers and programs write it."""
        return {self.username, quote(self.username), quote(self.username, safe=OURS)}

    def held_in(self, fields: tuple[str, ...]) -> Q:
        """Rows that may name the person in one of the fields; `neutral` says for sure."""
        condition = Q()
        for field in fields:
            for needle in self.needles:
                condition |= Q(**{f"{field}__icontains": needle})
        return condition

    @cached_property
    def _rules(self) -> list[tuple[re.Pattern[str], str]]:
        user = "|".join(re.escape(name) for name in sorted(self._addressed))
        called = {self.username, self.display_name} - {""}
        either = "|".join(re.escape(name) for name in sorted(called | {escape(name) for name in called}))
        mails = "|".join(re.escape(email) for email in self.emails) or r"(?!)"
        rules = [
            (rf'<a\b[^>]*href="(?:[^"]*/u/(?:{user})/?(?:[?#][^"]*)?|mailto:(?:{mails}))"[^>]*>.*?</a>', f"@{FORMER}"),
            (rf"\[[^\]\n]*\]\([^)\s]*/u/(?:{user})/?(?:[?#][^)\s]*)?\)", f"@{FORMER}"),
            (rf"(?<![\w.+-])(?:{mails})(?![\w-])(?!\.\w)", FORMER),
            (rf"/u/(?:{user}){_END}", f"/u/{FORMER}"),
            (rf"(?<![\w])@(?:{user}){_END}", f"@{FORMER}"),
            (rf'(author(?::|%3A)(?:"|%22)?)(?:{user}){_END}', rf"\1{FORMER}"),
            (rf'(quote=(?:"|&quot;)?)(?:{either}){_END}', rf"\1{FORMER}"),
            (rf"(?<!\w)(?:{either})(?= wrote\b)", FORMER_NAME),
        ]
        for name in sorted(called, key=len, reverse=True):
            if is_telling(name):
                forms = "|".join(re.escape(form) for form in sorted({name, escape(name)}))
                rules.append((rf"(?<!\w)(?:{forms})(?!\w)", FORMER_NAME if " " in name else FORMER))
                rules.append((rf"(?<!\w){re.escape(slugify(name) or name)}(?!\w)", FORMER))
        return [(re.compile(pattern, re.IGNORECASE | re.DOTALL), word) for pattern, word in rules]

    def neutral(self, value: Any) -> Any:
        """A text, or the texts in a JSON value, with the neutral word for every name; equal where none stands in it."""
        if isinstance(value, str):
            for pattern, word in self._rules:
                value = pattern.sub(word, value)
            return value
        if isinstance(value, list):
            return [self.neutral(item) for item in value]
        if isinstance(value, dict):
            return {key: self.neutral(item) for key, item in value.items()}
        return value

    @cached_property
    def plain(self) -> frozenset[str]:
        """What the product's own mails call them; a username that is an everyday word it never says by itself."""
        return frozenset({self.display_name, self.username if is_telling(self.username) else ""} - {""})

    def is_named_in(self, text: str) -> bool:
        """Whether a text of the product's own, such as a mail, names them: a name as it is written counts too."""
        names = "|".join(re.escape(name) for name in sorted(self.plain)) or r"(?!)"
        return re.search(rf"(?<!\w)(?:{names})(?!\w)", text) is not None or self.neutral(text) != text
