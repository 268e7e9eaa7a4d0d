"""People and spaces in the search: names first, so that a box finds who and where as well as what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.events.models import Event
from accounts.models import User
from accounts.text import plain_text
from accounts.viewer import Viewer
from community.spaces.models import Space
from community.spaces.policies import audience
from search import languages
from search.sources import Card, Document, SearchSource

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_TOLD_IN_DOCUMENTS = frozenset({"name", "slug", "language"})


def is_told_in_documents(event: Event) -> bool:
    """Whether a `space.changed` changed what the documents of the space's content hold of it, besides its token."""
    return not _TOLD_IN_DOCUMENTS.isdisjoint(event.data.get("fields", ()))


class PersonSource(SearchSource):
    """Everyone with an active account; profiles are public, e-mail addresses and organisations are not in here."""

    kind = "person"
    label = _("Person")
    label_plural = _("People")
    icon = "user"
    is_name = True

    def people(self) -> QuerySet[User]:
        return User.objects.filter(is_active=True)

    def ids(self) -> QuerySet:
        return self.people().order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        return [
            Document(
                id=user.pk, title=str(user), keywords=user.username, summary=user.headline,
                body=plain_text(user.about_html), audience=("public",), author=user.username,
                created_at=user.date_joined, updated_at=user.date_joined,
            )
            for user in self.people().filter(pk__in=ids)
        ]

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        return {user.pk: self._card(user) for user in self.people().filter(pk__in=ids)}

    def _card(self, user: User) -> Card:
        facts = [fact for fact in (user.role_label, user.headline) if fact]
        return Card(
            kind=self.kind, id=user.pk, title=str(user), url=user.get_absolute_url(), where=f"@{user.username}",
            where_url=user.get_absolute_url(), facts=tuple(facts), icon=self.icon,
        )

    def affected(self, event: Event) -> Iterable[int]:
        if event.name.startswith("user.") and event.target_type == "user" and event.target_id:
            return (event.target_id,)
        return ()


class SpaceSource(SearchSource):
    kind = "space"
    label = _("Space")
    label_plural = _("Spaces")
    icon = "messages-square"
    is_name = True

    def ids(self) -> QuerySet:
        return Space.objects.order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        return [
            Document(
                id=space.pk, title=space.name, keywords=space.slug, summary=space.purpose, body="",
                audience=tuple(audience(space)), container=space.slug, container_name=space.name,
                language=languages.told(f"{space.name} {space.purpose}", place=space.language),
                created_at=space.created_at or _NO_TIME, updated_at=space.created_at or _NO_TIME,
            )
            for space in Space.objects.filter(pk__in=ids)
        ]

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        return {space.pk: self._card(space) for space in Space.objects.visible_to(viewer).filter(pk__in=ids)}

    def _card(self, space: Space) -> Card:
        topics = ngettext("%s topic", "%s topics", space.topic_count) % space.topic_count
        return Card(
            kind=self.kind, id=space.pk, title=space.name, url=space.get_absolute_url(), facts=(topics,),
            icon=space.icon,
        )

    def affected(self, event: Event) -> Iterable[int]:
        if event.name.startswith("space.") and event.target_type == "space" and event.target_id:
            return (event.target_id,)
        return ()
