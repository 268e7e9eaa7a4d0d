"""What a person's numbers earned them, in words. Made from the numbers each time, so it holds for the past as well."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.reputation.models import Standing


@dataclass(frozen=True, slots=True)
class Badge:
    """`hint` says what it was given for."""

    name: str
    hint: str
    icon: str


# From how many on, best first; accepted answers as Discourse Solved has them: 1, 10, 50, 150.
_ANSWERS = (
    (150, gettext_lazy("Authority")), (50, gettext_lazy("Expert")), (10, gettext_lazy("Helper")),
    (1, gettext_lazy("First answer")),
)  # fmt: skip
_VOTES = ((500, gettext_lazy("Treasured")), (100, gettext_lazy("Valued")), (10, gettext_lazy("Appreciated")))
_IDEAS = ((5, gettext_lazy("Shapes the product")), (1, gettext_lazy("Idea shipped")))


def badges_of(standing: Standing) -> list[Badge]:
    """The best of each ladder that a person has climbed; none below its first step."""
    answers, votes, ideas = standing.solutions, standing.helpful_votes, standing.ideas_shipped
    ladders = (
        (_ANSWERS, answers, "award", ngettext("%s accepted answer", "%s accepted answers", answers)),
        (_VOTES, votes, "thumbs-up", ngettext("%s helpful vote", "%s helpful votes", votes)),
        (_IDEAS, ideas, "lightbulb", ngettext("%s idea that was shipped", "%s ideas that were shipped", ideas)),
    )
    found = []
    for steps, count, icon, words in ladders:
        name = next((name for least, name in steps if count >= least), None)
        if name is not None:
            found.append(Badge(str(name), words % count, icon))
    return found


def solved_words(standing: Standing) -> str:
    """How many questions a person solved, for the card beside their name."""
    count = standing.solutions
    if not count:
        return _("No accepted answer yet")
    return ngettext("Solved %s question", "Solved %s questions", count) % count
