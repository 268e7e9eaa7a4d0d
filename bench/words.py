"""Words for posts, made here: a steady vocabulary of invented words, used as unevenly as real ones."""

from __future__ import annotations

import re
from itertools import accumulate
from random import Random

_ONSETS = re.findall(r"\w+", "b br c ch d dr f fl g gr h k l m n p pl qu r s sh st t tr v w z")
_VOWELS = re.findall(r"\w+", "a e i o u ai ea ou")
_CODAS = ("", "", "n", "r", "l", "s", "t", "nd", "rk", "m")
VOCABULARY = 3_000


class Writer:
    """Titles and posts from one seed: the same seed writes the same community."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        made = {self._word(self.random.choice((1, 2, 2, 3))): None for _ in range(VOCABULARY)}
        self.words = list(made)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def _word(self, syllables: int) -> str:
        pick = self.random.choice
        return "".join(pick(_ONSETS) + pick(_VOWELS) + pick(_CODAS) for _ in range(syllables))

    def some(self, count: int) -> list[str]:
        """Words by Zipf's law."""
        return self.random.choices(self.words, cum_weights=self._weights, k=count)

    def sentence(self) -> str:
        return " ".join(self.some(self.random.randint(6, 14))).capitalize() + self.random.choice("....?")

    def title(self) -> str:
        return " ".join(self.some(self.random.randint(4, 9))).capitalize()

    def post(self, *, words: int = 80) -> str:
        """Markdown of about so many words: a few paragraphs, now and then a list, code or emphasis."""
        parts, left = [], max(8, int(self.random.gauss(words, words / 4)))
        while left > 0:
            sentences = [self.sentence() for _ in range(self.random.randint(2, 4))]
            paragraph = " ".join(sentences)
            left -= len(paragraph.split())
            parts.append(paragraph)
        chance = self.random.random()
        if chance < 0.15:
            parts.append("\n".join(f"- {' '.join(self.some(4))}" for _ in range(3)))
        elif chance < 0.3:
            parts.append(f"Use `{self.some(1)[0]}` and **{self.some(1)[0]}** here.")
        return "\n\n".join(parts)
